/** Puts the trained head on the frozen backbone: the starter's image encoder in one graph. */

import { objectsOutput } from '../../../main/ml/clip/modelDirectory/semblanceFile.js'
import type { Graph } from '../../../main/ml/onnx/graph.js'
import { GraphBuilder } from '../../../main/ml/onnx/graphBuilder.js'
import { renameValues } from '../../../main/ml/training/step/prefixGraph.js'
import { objectCount, objectNumbers } from '../backbone/addObjects.js'
import {
  addBackboneWithObjects,
  type FeatureScale,
  featureChannels,
  imageSize,
} from '../backbone/buildBackbone.js'
import { addFrame, unframeBoxes } from '../backbone/frame.js'
import { addMerge, mergedCells } from '../backbone/mergeCells.js'
import type { TfjsModel } from '../backbone/readTfjsModel.js'

/**
 * @param head `features` [batch, cells, channels] -> `image_embeds`, `pooler_output`
 * @returns `pixel_values` [batch, 3, 224, 224] -> the head's outputs, and `objects` as of `addObjects`
 */
export function assembleVision(model: TfjsModel, scale: FeatureScale, head: Graph): Graph {
  const builder = new GraphBuilder('backbone')
  const pixels = builder.input('pixel_values', 'float32', ['batch', 3, imageSize, imageSize])
  const framed = addFrame(builder, pixels)
  const seen = addBackboneWithObjects(builder, model, framed, scale)
  const objects = unframeBoxes(builder, seen.objects)
  const merged = addMerge(builder, seen.features)
  builder.output(merged, 'float32', ['batch', mergedCells, featureChannels], 'features')
  builder.output(objects, 'float32', ['batch', objectCount, objectNumbers], objectsOutput)
  // Both graphs count their nodes from 0.
  const kept = new Set(['', 'pixel_values', 'features', objectsOutput])
  const backbone = renameValues(builder.build(), (name) =>
    kept.has(name) ? name : `backbone/${name}`,
  )
  return {
    name: 'image_encoder',
    opset: head.opset,
    inputs: backbone.inputs,
    outputs: [...head.outputs, ...backbone.outputs.filter(({ name }) => name === objectsOutput)],
    initializers: new Map([...backbone.initializers, ...head.initializers]),
    nodes: [...backbone.nodes, ...head.nodes],
  }
}
