/** Keeps the generic phrases' embeddings, which the first search of each start would wait for. */
import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { removeStaleTemporaries, writeFileAtomically } from '../../platform/atomicFiles.js'
import { fileStem } from '../vectors/fileStem.js'
import { genericPhrases } from './genericPhrases.js'

const digestBytes = 32

/**
 * The phrases' embeddings by a model, [phrases, dim], each of length 1: from the model's file, or
 * encoded and written there. The file is a cache: whatever is wrong with it, it is made anew.
 *
 * @param folder where files of models' vectors are
 */
export async function phraseVectors(
  folder: string,
  { modelId, dim }: { readonly modelId: string; readonly dim: number },
  encode: (phrases: readonly string[]) => Promise<Float32Array>,
): Promise<Float32Array> {
  const path = join(folder, `${fileStem(modelId)}.phrases`)
  const bytes = await readFile(path).catch(() => null)
  const kept = bytes && toVectors(bytes, modelId, dim)
  if (kept) return kept
  const vectors = await encode(genericPhrases)
  // Without it the next start takes longer, and that is all.
  await write(path, vectors, modelId).catch(() => {})
  return vectors
}

/** Null if they are others' or damaged. */
function toVectors(bytes: Buffer, modelId: string, dim: number): Float32Array | null {
  // A copy, since numbers must lie at multiples of their size.
  const body = new Uint8Array(bytes.subarray(digestBytes))
  if (body.length !== 4 * dim * genericPhrases.length) return null
  const isWhole = bytes.subarray(0, digestBytes).equals(digestOf(body, modelId))
  return isWhole ? new Float32Array(body.buffer) : null
}

async function write(path: string, vectors: Float32Array, modelId: string): Promise<void> {
  const body = new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength)
  await mkdir(dirname(path), { recursive: true })
  await removeStaleTemporaries(path)
  await writeFileAtomically(path, [digestOf(body, modelId), body])
}

/** Of what the embeddings are, and whose. */
function digestOf(body: Uint8Array, modelId: string): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([modelId, genericPhrases]))
    .update(body)
    .digest()
}
