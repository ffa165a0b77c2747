/** Contrastive loss in which a caption is right for every picture that its meaning is true of. */

import { GraphBuilder } from '../../../main/ml/onnx/graphBuilder.js'
import { crossEntropy } from '../../../main/ml/training/losses/crossEntropy.js'
import { logitScale, logitScaleName } from '../../../main/ml/training/losses/scalars.js'
import { cosines, shareOut, transpose } from '../../../main/ml/training/losses/similarity.js'
import { declareParameters } from '../../../main/ml/training/objectives/declareParameters.js'
import type { Objective } from '../../../main/ml/training/objectives/objective.js'
import type { Meanings } from './meanings.js'

/**
 * Multi-positive InfoNCE (UniCL, Yang et al. 2022) with targets from meanings: `groups` holds the
 * number of each caption's meaning, `view_groups` each picture's row in the table. See
 * [Note: a bus is a vehicle].
 */
export function meaningObjective({ table, width }: Meanings): Objective {
  const parameters = [logitScale(null)]
  return {
    readsTexts: true,
    parameters,
    groups: ['groups', 'view_groups'],
    build(start) {
      const b = new GraphBuilder('meanings')
      const pictures = b.input('image_embeds', 'float32', ['pairs', 'dim'])
      const texts = b.input('text_embeds', 'float32', ['pairs', 'dim'])
      const parameter = declareParameters(b, parameters, start)
      const captions = b.input('groups', 'int64', ['pairs'])
      const items = b.input('view_groups', 'int64', ['pairs'])
      const dims = [table.length / width, width]
      const meanings = b.initializer('meanings/table', { type: 'int32', dims, data: table })
      const isRight = findRight(b, b.op('Gather', [meanings, items], { axis: 0 }), captions)
      const logits = b.op('Mul', [
        cosines(b, pictures, texts),
        b.op('Exp', [parameter(logitScaleName)]),
      ])
      const toText = crossEntropy(b, logits, shareOut(b, isRight))
      const toPicture = crossEntropy(b, transpose(b, logits), shareOut(b, transpose(b, isRight)))
      const loss = b.op('Mul', [b.op('Add', [toText, toPicture]), b.scalar(0.5)])
      b.output(loss, 'float32', [], 'loss')
      return b.build()
    },
  }
}

/**
 * @param lists int32 [pictures, width]: meanings that are true of each picture
 * @param captions int64 [texts]
 * @returns [pictures, texts], 1 where the caption is right for the picture, otherwise 0
 */
function findRight(b: GraphBuilder, lists: string, captions: string): string {
  const asked = b.op('Cast', [captions], { to: int32 })
  const column = b.op('Unsqueeze', [lists, b.ints([1])])
  const row = b.op('Unsqueeze', [asked, b.ints([0, 2])])
  const equal = b.op('Cast', [b.op('Equal', [column, row])], { to: float32 })
  return b.op('ReduceMax', [equal, b.ints([2])], { keepdims: 0 })
}

/** ONNX's numbers for types. */
const float32 = 1
const int32 = 6
