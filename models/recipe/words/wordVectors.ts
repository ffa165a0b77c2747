/** The words of the starter's vocabulary with their vectors, taken from the embeddings package. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { splitWords } from '../../../main/ml/clip/tokenizer/splitWords.js'
import {
  chooseThings,
  isPlain,
  readEmbeddings,
  unitLength,
  type WordVectors,
} from './embeddings.js'
import type { WordNet } from './wordNet.js'

const keptSchema = z.object({
  /** Tells for which words of captions the choice was made. */
  wanted: z.string(),
  dimensions: z.number().int(),
  words: z.array(z.string()),
  vectors: z.record(z.string(), z.array(z.number())),
})

/** Besides those that `chooseThings` adds. */
const vocabularyWords = 20_000
/** Goes up when other words are chosen, so that those of before are not kept. */
const rule = 2
/** The commonest words are taken whether WordNet has them or not: pronouns, prepositions. */
const commonest = 2_000

/**
 * All words of the captions that have a vector, then the commonest words of English, then those of
 * more things than these name.
 *
 * The package is one file of 300 MB, so what was chosen is kept in `folder`.
 */
export async function chooseWordVectors(
  captions: Iterable<string>,
  wordNet: Pick<WordNet, 'has' | 'isThing'>,
  folder: string,
): Promise<WordVectors> {
  const wanted = new Set<string>()
  for (const caption of captions) for (const word of splitWords(caption)) wanted.add(word)
  const path = join(folder, 'words.json')
  const known = await readFile(path, 'utf8').catch(() => null)
  const kept = known === null ? null : keptSchema.parse(JSON.parse(known))
  const wantedHash = createHash('sha256')
    .update([rule, ...[...wanted].sort()].join(' '))
    .digest('hex')
  if (kept?.wanted === wantedHash) return asVectors(kept)
  const all = await readEmbeddings()
  const fromCaptions = all.words.filter((word) => wanted.has(word) && isPlain(word))
  const common = all.words.filter(
    (word, rank) => isPlain(word) && (rank < commonest || wordNet.has(word)),
  )
  const first = [...new Set([...fromCaptions, ...common])].slice(0, vocabularyWords)
  const words = [...new Set([...first, ...chooseThings(all, wordNet)])]
  const signs = all.words.filter((word) => /^('s|[0-9]|[^a-z\s]{1,2})$/.test(word)).slice(0, 60)
  const vectors = Object.fromEntries(
    [...words, ...signs].map((word) => [word, all.vectors[word]!.slice(0, all.dimensions)]),
  )
  await mkdir(folder, { recursive: true })
  const chosen = { wanted: wantedHash, dimensions: all.dimensions, words, vectors }
  await writeFile(path, JSON.stringify(chosen))
  return asVectors(chosen)
}

function asVectors({ words, dimensions, vectors }: z.infer<typeof keptSchema>): WordVectors {
  return {
    words,
    dimensions,
    vectorOf(word) {
      const values = Object.hasOwn(vectors, word) ? vectors[word] : undefined
      return values === undefined ? undefined : unitLength(values)
    },
  }
}
