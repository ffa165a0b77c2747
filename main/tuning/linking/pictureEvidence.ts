/** Looks at pictures for what tells which of them belong together. */
import type { TrainingPair } from '../../../shared/domain/training.js'
import { isAppError } from '../../../shared/errors.js'
import type { LearnedPicture } from '../../ml/clip/modelDirectory/learnedPictures.js'
import { mapBounded } from '../../platform/mapBounded.js'
import { fingerprintPicture, type PictureFingerprint } from './perceptualHash.js'
import { type PictureFacts, readFacts, type Shot } from './pictureFacts.js'

/** Embeddings by a frozen encoder. */
export interface EmbeddedPictures {
  readonly dim: number
  /** [pictures, dim], of unit length; zeros for pictures that could not be read. */
  readonly data: Float32Array
}

/** What is known of each pair's picture; null where it cannot be read, or does not tell. */
export interface PictureEvidence {
  /** First 16 hexadecimal digits of the SHA-256 of its bytes. */
  readonly contents: readonly (string | null)[]
  readonly fingerprints: readonly (PictureFingerprint | null)[]
  readonly shots: readonly (Shot | null)[]
  /** Null where no encoder was asked. */
  readonly embeddings: EmbeddedPictures | null
}

/** Embeds pictures by their paths, each a row of unit length, or of zeros if it cannot be read. */
export type EmbedPictures = (
  paths: readonly string[],
  run: Pick<EvidenceOptions, 'signal' | 'onProgress'>,
) => Promise<EmbeddedPictures>

export interface EvidenceOptions {
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
  /** What is known of pictures already, by path: as of photos that a scan has read. */
  readonly known?: ReadonlyMap<string, PictureFacts>
  /** Which pictures are looked at for how they look; all if not given. */
  readonly lookAt?: (index: number) => boolean
  readonly embed?: EmbedPictures | null
}

const picturesAtOnce = 4
/** Of the work, embedding has this share where it is done. */
const parts = 2

export async function gatherEvidence(
  pairs: readonly TrainingPair[],
  { signal, onProgress, known, lookAt = () => true, embed = null }: EvidenceOptions,
): Promise<PictureEvidence> {
  const total = pairs.length * (embed === null ? 1 : parts)
  let done = 0
  const indices = pairs.map((_, i) => i)
  const found = await mapBounded(indices, picturesAtOnce, async (i) => {
    signal.throwIfAborted()
    const { image } = pairs[i]!
    const picture = await lookAtPicture(image, known?.get(image), lookAt(i))
    onProgress(++done, total)
    return picture
  })
  const paths = pairs.map(({ image }) => image)
  const told = (some: number) => onProgress(pairs.length + some, total)
  return {
    contents: found.map(({ content }) => content),
    fingerprints: found.map(({ fingerprint }) => fingerprint),
    shots: found.map(({ shot }) => shot),
    embeddings: embed && (await embed(paths, { signal, onProgress: told })),
  }
}

/** How the picture at index `i` is known again; null where it could not be read. */
export function printOf(
  { contents, fingerprints }: PictureEvidence,
  i: number,
): LearnedPicture | null {
  const [content, fingerprint] = [contents[i], fingerprints[i]]
  return content && fingerprint ? { content, ...fingerprint } : null
}

interface LookedAt {
  readonly content: string | null
  readonly shot: Shot | null
  readonly fingerprint: PictureFingerprint | null
}

async function lookAtPicture(
  image: string,
  known: PictureFacts | undefined,
  isSeen: boolean,
): Promise<LookedAt> {
  if (known && !isSeen) return { ...known, fingerprint: null }
  try {
    if (known) return { ...known, fingerprint: await fingerprintPicture(image) }
    const { facts, bytes } = await readFacts(image)
    return { ...facts, fingerprint: await fingerprintPicture({ bytes, path: image }) }
  } catch (error) {
    if (!isAppError(error)) throw error
    return { content: known?.content ?? null, shot: known?.shot ?? null, fingerprint: null }
  }
}
