/** Pictures that a frozen encoder finds nearly the same. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createRandom } from '../../../ml/training/random.js'
import { HnswGraph } from '../../../platform/vectors/hnswGraph.js'
import { dot } from '../../../search/vectors/vectorMatrix.js'
import type { Link, LinkRule } from '../linkRule.js'
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
/** Others wait for this thread. */
const picturesPerTurn = 16
const pairsDrawn = 2_000
const seed = 53

export const alikeEmbeddings: LinkRule = {
  name: 'an encoder that finds them nearly the same',
  chains: true,
  async find({ evidence: { embeddings } }, link, signal) {
    if (embeddings !== null) await linkNear(embeddings, link, signal)
  },
}

/** By an HNSW graph, so that twice as many pictures take little more than twice as long. */
async function linkNear(
  { dim, data }: EmbeddedPictures,
  link: Link,
  signal: AbortSignal,
): Promise<void> {
  const row = (i: number) => data.subarray(i * dim, (i + 1) * dim)
  // Pictures that could not be read have rows of zeros.
  const rows = Array.from({ length: data.length / dim }, (_, i) => i).filter(
    (i) => dot(data, i * dim, row(i)) > 0.5,
  )
  if (rows.length < 2) return
  const least = leastCosineOf(rows, row)
  const graph = new HnswGraph(dim, { capacity: rows.length })
  await inTurns(rows, signal, (i) => graph.upsert(i, row(i)))
  const links: { cosine: number; a: number; b: number }[] = []
  await inTurns(rows, signal, (i) => {
    for (const { key, score } of graph.search({ query: row(i), k: neighbours + 1, allow: null })) {
      if (key !== i && score >= least) links.push({ cosine: score, a: i, b: key })
    }
  })
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

async function inTurns(
  rows: readonly number[],
  signal: AbortSignal,
  work: (row: number) => void,
): Promise<void> {
  for (const [k, row] of rows.entries()) {
    if (k % picturesPerTurn === 0) await nextTurn()
    signal.throwIfAborted()
    work(row)
  }
}
