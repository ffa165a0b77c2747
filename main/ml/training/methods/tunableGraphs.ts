/** Reads a model's graphs where its embeddings can be adapted. */
import { AppError } from '../../../../shared/errors.js'
import type { ModelDirectory } from '../../clip/modelDirectory.js'
import type { Graph } from '../../onnx/graph.js'
import { readModelFile } from '../../onnx/readModel.js'

/** An encoder's graph and its output with the embeddings. */
export interface TunableGraph {
  readonly graph: Graph
  readonly output: string
}

export interface TunableGraphs {
  readonly image: TunableGraph
  readonly text: TunableGraph
}

/** Throws MODEL_INVALID for quantized encoders and those without embeddings. */
export async function readTunableGraphs(model: ModelDirectory): Promise<TunableGraphs> {
  return {
    image: await readTunable(model.visionPath, 'image_embeds'),
    text: await readTunable(model.textPath, 'text_embeds'),
  }
}

/** Operators of 8- and 4-bit weights, whose steps are too coarse to build on. */
const quantized = /Quantize|QLinear|Integer$|NBits/

async function readTunable(path: string, embeddings: string): Promise<TunableGraph> {
  const graph = await readModelFile(path)
  const coarse = graph.nodes.find((node) => quantized.test(node.opType))
  if (coarse) {
    const reason = `its weights are quantized (${coarse.opType}); train from a full-precision export`
    throw new AppError('MODEL_INVALID', { path, reason })
  }
  // SigLIP's exports call their embeddings pooler_output, as no projection follows.
  const output = [embeddings, 'pooler_output'].find((name) =>
    graph.outputs.some((value) => value.name === name),
  )
  if (output !== undefined) return { graph, output }
  throw new AppError('MODEL_INVALID', { path, reason: `it has no output ${embeddings}` })
}
