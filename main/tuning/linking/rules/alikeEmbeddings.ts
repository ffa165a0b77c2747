/** Pictures that a frozen encoder finds nearly the same. */
import { createRandom } from '../../../ml/training/random.js'
import { dot } from '../../../platform/vectors/dot.js'
import type { Link, LinkRule } from '../linkRule.js'
import { nearestRows } from '../nearestRows.js'
import type { EmbeddedPictures } from '../pictureEvidence.js'

/** Least cosine of two pictures that are linked. */
const leastCosine = 0.95
/**
 * The same in shares of how far pictures of the collection usually lie apart: an encoder that finds
 * everything alike, as an untrained one does, tells nothing by a cosine of 0.95.
 */
const shareOfUsual = 0.1
/** Neighbours that are looked at of each picture; more are reached through them. */
const neighbours = 12
const pairsDrawn = 2_000
const seed = 53

export const alikeEmbeddings: LinkRule = {
  name: 'an encoder that finds them nearly the same',
  chains: true,
  async find({ evidence: { embeddings } }, link, signal) {
    if (embeddings !== null) await linkNear(embeddings, link, signal)
  },
}

async function linkNear(
  embeddings: EmbeddedPictures,
  link: Link,
  signal: AbortSignal,
): Promise<void> {
  const { dim, data } = embeddings
  const row = (i: number) => data.subarray(i * dim, (i + 1) * dim)
  // Pictures that could not be read have rows of zeros, which are like nothing.
  const rows = Array.from({ length: data.length / dim }, (_, i) => i).filter(
    (i) => dot(data, i * dim, row(i)) > 0.5,
  )
  if (rows.length < 2) return
  const near = { least: leastCosineOf(rows, row), most: neighbours }
  const links = await nearestRows(embeddings, near, signal)
  links.sort((x, y) => y.cosine - x.cosine || x.a - y.a || x.b - y.b)
  for (const { a, b } of links) link(a, b)
}

function leastCosineOf(rows: readonly number[], row: (i: number) => Float32Array): number {
  const random = createRandom(seed)
  const drawn = Float64Array.from({ length: pairsDrawn }, () => {
    const a = random.integer(rows.length)
    const b = (a + 1 + random.integer(rows.length - 1)) % rows.length
    return dot(row(rows[a]!), 0, row(rows[b]!))
  })
  const usual = drawn.sort()[drawn.length >> 1]!
  return Math.max(leastCosine, 1 - shareOfUsual * (1 - usual))
}
