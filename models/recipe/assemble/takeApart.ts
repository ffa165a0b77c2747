/** Takes the trained head off the starter's image encoder again, to put it on the backbone anew. */
import { dropDeadNodes } from '../../../main/ml/onnx/dropDeadNodes.js'
import { upcastWeights } from '../../../main/ml/onnx/float16Weights.js'
import type { Graph } from '../../../main/ml/onnx/graph.js'
import { type FeatureScale, featureChannels } from '../backbone/buildBackbone.js'
import { mergedCells } from '../backbone/mergeCells.js'
import { featureLimit } from '../features/featureStore.js'

export interface VisionParts {
  readonly scale: FeatureScale
  /** `features` [batch, cells, channels] -> `image_embeds`, `pooler_output` */
  readonly head: Graph
}

/** The parts that `assembleVision` made the graph of; weights are float32 again. */
export function takeApart(vision: Graph): VisionParts {
  const graph = upcastWeights(vision)
  const shape = ['batch', mergedCells, featureChannels]
  const cut = {
    ...graph,
    inputs: [{ name: 'features', type: 'float32' as const, shape }],
    nodes: graph.nodes.filter(({ outputs }) => !outputs.includes('features')),
  }
  const factor = numbersOf(graph, 'backbone/features/factor')
  return {
    scale: {
      mean: numbersOf(graph, 'backbone/features/mean'),
      std: factor.map((value) => 1 / value),
      limit: featureLimit,
    },
    head: dropDeadNodes(cut, ['image_embeds', 'pooler_output']),
  }
}

function numbersOf(graph: Graph, name: string): number[] {
  const tensor = graph.initializers.get(name)
  if (tensor?.type === 'float32') return [...tensor.data]
  throw new Error(`the image encoder has no ${name}: it was not put together by this recipe`)
}
