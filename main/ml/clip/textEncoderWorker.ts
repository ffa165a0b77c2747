/** The entry of a text encoder's worker thread: from texts to embeddings. */
import { moved, serveCalls } from '../../platform/workerCalls.js'
import { openSession } from '../runtime/openSession.js'
import type { Session, SessionOptions, Tensors } from '../runtime/session.js'
import { openTower, takeRows } from './openTower.js'
import { loadTokenizer } from './tokenizer/loadTokenizer.js'
import type { TokenizeOptions } from './tokenizer/Tokenizer.js'

/** What the thread is started with. */
export interface TextEncoderRequest extends TokenizeOptions {
  /** Of the model, with its tokenizer. */
  readonly folder: string
  /** Of the encoder's graph. */
  readonly path: string
  readonly dim: number
  readonly session: SessionOptions
}

/** The functions that the thread serves. */
export type TextEncoderCalls = {
  describe(argument: null): Pick<Session, 'device' | 'notice'>
  /** `[texts, dim]`, at the lengths that the graph gives. */
  encode(texts: readonly string[]): Promise<Float32Array>
}

/** Texts that run through the encoder at a time; memory stays small however many are asked for. */
const textBatch = 64

serveCalls<TextEncoderCalls>(async (data) => {
  const { folder, path, dim, contextLength, padTo, session: options } = data as TextEncoderRequest
  const { session, output } = await openTower(openSession(path, options), path, 'text_embeds')
  const tokenizer = await loadTokenizer(folder)
  const isMasked = session.inputNames.includes('attention_mask')
  // Without a mask an encoder may look at padding, as it did when it was trained: always the same then.
  const padding = { contextLength, padTo: isMasked ? padTo : 'contextLength' } as const

  async function encodeBatch(texts: readonly string[]): Promise<Float32Array> {
    const tokens = tokenizer.encode(texts, padding)
    const dims = [tokens.batch, tokens.length]
    const feeds: Tensors = {
      input_ids: { type: 'int64', dims, data: tokens.inputIds },
      ...(isMasked ? { attention_mask: { type: 'int64', dims, data: tokens.attentionMask } } : {}),
    }
    const results = await session.run(feeds, [output])
    return takeRows(path, results, output, [tokens.batch, dim])
  }

  const { device, notice } = session
  return {
    calls: {
      describe: () => ({ device, ...(notice === undefined ? {} : { notice }) }),
      encode: async (texts) => {
        const embeddings = new Float32Array(texts.length * dim)
        for (let at = 0; at < texts.length; at += textBatch) {
          embeddings.set(await encodeBatch(texts.slice(at, at + textBatch)), at * dim)
        }
        return moved(embeddings, [embeddings.buffer])
      },
    },
    close: () => session.dispose(),
  }
})
