/** Embeddings of words, made once for a model, a little at a time, and kept in a file. */
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { TextEncoder } from '../../ml/clip/encoders.js'
import { readCheckpoint, writeCheckpoint } from '../../ml/training/checkpoint/checkpointFile.js'

export interface WordBank {
  /**
   * The words of `texts` that are embedded by now, with their embeddings of length 1. The others
   * are being embedded; the answer waits for them, but not for long.
   */
  embed(texts: readonly string[]): Promise<ReadonlyMap<string, Float32Array>>
  /** Ends the work under way. */
  dispose(): Promise<void>
}

/** Few at a time, since searches wait for the same encoder. */
const textsAtOnce = 16
const patienceMs = 1_500

const stateSchema = z.object({ texts: z.array(z.string()) })

export interface WordBankOptions {
  /** Where the embeddings are kept; a damaged file is made anew. */
  readonly path: string
  readonly encoder: () => Promise<TextEncoder>
  /** Waits while others are to go first. */
  readonly makeWay: () => Promise<void>
}

export function openWordBank({ path, encoder, makeWay }: WordBankOptions): WordBank {
  const known = new Map<string, Float32Array>()
  const wanted = new Set<string>()
  const reading = readBank(path).then((kept) => {
    for (const [text, row] of kept) known.set(text, row)
  })
  let working: Promise<void> | null = null
  let disposed = false

  async function work(): Promise<void> {
    const { encode, dim } = await encoder()
    while (wanted.size > 0 && !disposed) {
      await makeWay()
      const texts = [...wanted].slice(0, textsAtOnce)
      const rows = await encode(texts)
      texts.forEach((text, i) => {
        known.set(text, rows.slice(i * dim, (i + 1) * dim))
        wanted.delete(text)
      })
    }
    await writeBank(path, known)
  }

  return {
    async embed(texts) {
      await reading
      for (const text of texts) if (!known.has(text)) wanted.add(text)
      if (wanted.size > 0 && !disposed) {
        working ??= work().finally(() => {
          working = null
        })
        // Met here as far as somebody waits; what failed is tried again by the next call.
        await Promise.race([working, delay(patienceMs, undefined, { ref: false })])
      }
      const found = texts.flatMap((text) => {
        const row = known.get(text)
        return row ? [[text, row] as const] : []
      })
      return new Map(found)
    },
    async dispose() {
      disposed = true
      await working?.catch(() => {})
    },
  }
}

async function readBank(path: string): Promise<[string, Float32Array][]> {
  const content = await readCheckpoint(path).catch(() => null)
  const state = stateSchema.safeParse(content?.state)
  const rows = content?.tensors.get('embeddings')
  if (!state.success || !rows || state.data.texts.length === 0) return []
  const { texts } = state.data
  const dim = rows.length / texts.length
  return texts.map((text, i) => [text, rows.subarray(i * dim, (i + 1) * dim)])
}

async function writeBank(path: string, known: ReadonlyMap<string, Float32Array>): Promise<void> {
  const rows = [...known.values()]
  const dim = rows[0]?.length ?? 0
  const embeddings = new Float32Array(rows.length * dim)
  rows.forEach((row, i) => {
    embeddings.set(row, i * dim)
  })
  const state = { texts: [...known.keys()] }
  await writeCheckpoint(path, { state, tensors: new Map([['embeddings', embeddings]]) })
}
