/** The objective of captioned pictures: a loss between pictures and their texts. */
import { GraphBuilder } from '../../onnx/graphBuilder.js'
import type { Loss } from '../losses/loss.js'
import { rowNumbers } from '../losses/similarity.js'
import { declareParameters } from './declareParameters.js'
import type { Objective } from './objective.js'

/** The loss over pictures [pairs, dim] as `first` and their texts as `second`. */
export function pairObjective(loss: Loss): Objective {
  return {
    readsTexts: true,
    parameters: loss.parameters,
    groups: loss.usesGroups ? ['groups'] : [],
    build(start) {
      const b = new GraphBuilder('pairs')
      const first = b.input('image_embeds', 'float32', ['pairs', 'dim'])
      const second = b.input('text_embeds', 'float32', ['pairs', 'dim'])
      const parameter = declareParameters(b, loss.parameters, start)
      const groups = loss.usesGroups ? b.input('groups', 'int64', ['pairs']) : rowNumbers(b, first)
      b.output(loss.write(b, { first, second, groups, parameter }), 'float32', [], 'loss')
      return b.build()
    },
  }
}
