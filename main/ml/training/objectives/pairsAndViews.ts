/** The objective of pictures some of which have captions: one loss for those, one for all. */
import { GraphBuilder } from '../../onnx/graphBuilder.js'
import type { Loss, LossParameter } from '../losses/loss.js'
import { rowNumbers } from '../losses/similarity.js'
import { declareParameters } from './declareParameters.js'
import type { Objective } from './objective.js'
import { writeViews } from './views.js'

/** Before the names of the view loss's parameters, as both losses may learn a scale. */
const viewPrefix = 'views/'

/**
 * `pairLoss` between the first rows of `image_embeds` [2 pictures, dim] and `text_embeds` [pairs,
 * dim], plus `weight` times `viewLoss` between both halves of `image_embeds`.
 */
export function pairAndViewObjective(pairLoss: Loss, viewLoss: Loss, weight: number): Objective {
  const viewParameters = viewLoss.parameters.map(
    (parameter): LossParameter => ({ ...parameter, name: viewPrefix + parameter.name }),
  )
  const parameters = [...pairLoss.parameters, ...viewParameters]
  return {
    readsTexts: true,
    parameters,
    groups: [
      ...(pairLoss.usesGroups ? (['groups'] as const) : []),
      ...(viewLoss.usesGroups ? (['view_groups'] as const) : []),
    ],
    build(start) {
      const b = new GraphBuilder('pairs_and_views')
      const images = b.input('image_embeds', 'float32', ['views', 'dim'])
      const second = b.input('text_embeds', 'float32', ['pairs', 'dim'])
      const parameter = declareParameters(b, parameters, start)
      const first = firstRows(b, images, second)
      const groups = pairLoss.usesGroups
        ? b.input('groups', 'int64', ['pairs'])
        : rowNumbers(b, first)
      const pairs = pairLoss.write(b, { first, second, groups, parameter })
      const views = writeViews(b, viewLoss, images, (name) => parameter(viewPrefix + name))
      const sum = b.op('Add', [pairs, b.op('Mul', [views, b.scalar(weight)])])
      b.output(sum, 'float32', [], 'loss')
      return b.build()
    },
  }
}

/** As many rows of x as y has. */
function firstRows(b: GraphBuilder, x: string, y: string): string {
  const rows = b.op('Slice', [b.op('Shape', [y]), b.ints([0]), b.ints([1])])
  return b.op('Slice', [x, b.ints([0]), rows, b.ints([0])])
}
