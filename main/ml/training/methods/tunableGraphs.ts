/** Reads a model's graphs where its embeddings can be adapted. */
import { AppError } from '../../../../shared/errors.js'
import type { ModelDirectory } from '../../clip/modelDirectory.js'
import { encoderInputShapes, readEncoderGraph } from '../../clip/readEncoderGraph.js'
import { canonicalise } from '../../onnx/canonical/canonicalise.js'
import type { Graph } from '../../onnx/graph.js'

/** An encoder's graph and its output with the embeddings, [batch, the model's width]. */
export interface TunableGraph {
  readonly graph: Graph
  readonly output: string
}

export interface TunableGraphs {
  readonly image: TunableGraph
  readonly text: TunableGraph
}

/**
 * The encoders' graphs in the form that can be differentiated and written again, whatever exporter
 * they come from.
 *
 * @throws AppError MODEL_INVALID for quantized encoders, those without embeddings, and operator sets
 *   that are too old or too new; OP_UNSUPPORTED
 */
export async function readTunableGraphs(model: ModelDirectory): Promise<TunableGraphs> {
  return {
    image: await readTunable(model, model.visionPath, 'image_embeds'),
    text: await readTunable(model, model.textPath, 'text_embeds'),
  }
}

/** Operators of 8- and 4-bit weights, whose steps are too coarse to build on. */
const quantized = /quantize|^Q(Linear|Attention|Gemm|Embed|Ordered)|Integer$|NBits|Bnb4/i

async function readTunable(
  model: ModelDirectory,
  path: string,
  embeddings: string,
): Promise<TunableGraph> {
  const onOperator = (opType: string) => refuseQuantized(opType, path)
  const read = await readEncoderGraph(path, model, { onOperator })
  const graph = canonicalise(read, { inputShapes: encoderInputShapes(read.inputs, model, 2), path })
  // SigLIP's exports call their embeddings pooler_output, as no projection follows.
  const output = [embeddings, 'pooler_output'].find((name) =>
    graph.outputs.some((value) => value.name === name),
  )
  if (output !== undefined) {
    return { graph: declareWidth(graph, output, model.embeddingDim), output }
  }
  throw new AppError('MODEL_INVALID', { path, reason: `it has no output ${embeddings}` })
}

/** Exports often leave the embeddings' width open. */
function declareWidth(graph: Graph, output: string, width: number): Graph {
  const outputs = graph.outputs.map((info) =>
    info.name === output ? { ...info, shape: [info.shape[0] ?? 'batch', width] } : info,
  )
  return { ...graph, outputs }
}

/** The width of the embeddings. */
export function widthOf({ graph, output }: TunableGraph): number {
  return Number(graph.outputs.find(({ name }) => name === output)!.shape.at(-1))
}

function refuseQuantized(opType: string, path: string): void {
  if (!quantized.test(opType)) return
  const reason = `its weights are quantized (${opType}), which serves to search but not to train; put the float32 or float16 export of the same model beside it or in its place`
  throw new AppError('MODEL_INVALID', { path, reason })
}
