/** Embeds pairs by two encoders that are not on disk yet, each opened for as long as it works. */
import type { ModelDirectory } from '../../../clip/modelDirectory.js'
import type { Tokenizer } from '../../../clip/tokenizer/Tokenizer.js'
import { writeModel } from '../../../onnx/writeModel.js'
import { openSession } from '../../../runtime/openSession.js'
import type { InPlaceSession, Tensors } from '../../../runtime/session.js'
import type { PairEmbedder } from '../../evaluatePairs.js'
import { embedPictures } from '../../features/embedPictures.js'
import { embedTexts } from '../../features/embedTexts.js'
import { pick } from '../../step/stepRunner.js'
import type { MethodContext } from '../method.js'
import type { TunableGraph, TunableGraphs } from '../tunableGraphs.js'

export interface GraphEmbedderOptions {
  readonly model: ModelDirectory
  readonly tokenizer: Tokenizer
  readonly context: Pick<MethodContext, 'run' | 'signal'>
}

export function graphEmbedder(
  graphs: TunableGraphs,
  { model, tokenizer, context }: GraphEmbedderOptions,
): PairEmbedder {
  const { signal, run } = context
  const { device, threads } = run.spec
  const withSession = async <T>(
    { graph, output }: TunableGraph,
    work: (encode: (inputs: Tensors) => Promise<Float32Array>) => Promise<T>,
  ): Promise<T> => {
    const session = await openSession(writeModel(graph), { device, threads, memoryPattern: false })
    try {
      return await work((inputs) => encode(session, output, inputs))
    } finally {
      await session.dispose()
    }
  }
  const { preprocess: config, contextLength } = model
  const isMasked = graphs.text.graph.inputs.some(({ name }) => name === 'attention_mask')
  const padTo = isMasked ? model.padTo : 'contextLength'
  return {
    images: (paths) =>
      withSession(graphs.image, (encodeInputs) =>
        embedPictures({
          paths,
          config,
          signal,
          encode: (data, count) => {
            const dims = [count, 3, config.height, config.width]
            return encodeInputs({ pixel_values: { type: 'float32', dims, data } })
          },
        }),
      ),
    texts: (texts) =>
      withSession(graphs.text, (encodeInputs) =>
        embedTexts({ texts, tokenizer, contextLength, padTo, signal, encode: encodeInputs }),
      ),
  }
}

async function encode(
  session: InPlaceSession,
  output: string,
  inputs: Tensors,
): Promise<Float32Array> {
  const results = await session.run(pick(session, inputs), [output])
  return results[output]!.data as Float32Array
}
