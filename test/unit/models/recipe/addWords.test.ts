/** The starter's text encoder with more words: what it knew stays as it was. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createTokenizer } from '../../../../main/ml/clip/tokenizer/Tokenizer.js'
import { readModelFile } from '../../../../main/ml/onnx/readModel.js'
import {
  addWords,
  type TextParts,
  type TextWithWords,
  vectorsOf,
} from '../../../../models/recipe/assemble/addWords.js'
import { starterFolder } from '../../../../models/recipe/folders.js'
import type { WordVectors } from '../../../../models/recipe/words/embeddings.js'
import { runGraph } from '../../ml/onnx/runGraph.js'

let known: TextParts
let vectors: WordVectors
let grown: TextWithWords

beforeAll(async () => {
  const readJson = async (name: string) =>
    JSON.parse(await readFile(join(starterFolder, name), 'utf8'))
  known = {
    graph: await readModelFile(join(starterFolder, 'onnx', 'text_model.onnx')),
    tokenizer: await readJson('tokenizer.json'),
    tokenizerConfig: await readJson('tokenizer_config.json'),
  }
  vectors = vectorsOf(known)
  const words = { grmblfx: 'dog', 天下第: 'red', 天下: 'car', dog: 'car' }
  const entries = Object.entries(words)
  grown = addWords(
    known,
    new Map(entries.map(([word, english]) => [word, vectors.vectorOf(english)!])),
  )
})

async function embed({ graph }: Pick<TextParts, 'graph'>, ids: readonly number[]) {
  const tensor = (values: readonly number[]) =>
    ({ type: 'int64', dims: [1, ids.length], data: BigInt64Array.from(values, BigInt) }) as const
  const feeds = { input_ids: tensor(ids), attention_mask: tensor(ids.map(() => 1)) }
  return [...((await runGraph(graph, feeds)).text_embeds!.data as Float32Array)]
}

const embedBefore = (text: string) => embed(known, createTokenizer(known).encodeText(text))
const embedNow = (text: string) => embed(grown, createTokenizer(grown.files).encodeText(text))

describe('addWords', () => {
  it('means the same by new words as by those whose vectors they have', async () => {
    const closeToOld = async (text: string) =>
      (await embedBefore(text)).map((value) => expect.closeTo(value, 2))
    expect(await embedNow('a grmblfx')).toEqual(await closeToOld('a dog'))
    expect(await embedNow('天下天下第')).toEqual(await closeToOld('car red'))
  })

  it('leaves every text alone that it has no new word for', async () => {
    for (const text of ['a dog', "grandma's blue door, 3 cats", 'ein roter wagen', 'xqzzy 🍎']) {
      expect(await embedNow(text)).toEqual(await embedBefore(text))
    }
  })

  it('tells how many there are, and adds none twice', () => {
    const { vocabSize } = createTokenizer(known)
    expect({ added: grown.added, vocabSize: grown.vocabSize }).toEqual({
      added: 3,
      vocabSize: vocabSize + 3,
    })
    const again = addWords(
      { graph: grown.graph, ...grown.files },
      new Map([['天下', vectors.vectorOf('cat')!]]),
    )
    expect(again.added).toBe(0)
    expect(again.vocabSize).toBe(grown.vocabSize)
  })
})

describe('vectorsOf', () => {
  it('gives vectors of length 1 of whole words, and none of what is in pieces', () => {
    expect(Math.hypot(...vectors.vectorOf('dog')!)).toBeCloseTo(1, 5)
    const [dog, cat, bank] = ['dog', 'cat', 'bank'].map((word) => vectors.vectorOf(word)!)
    const cosine = (a: Float32Array, b: Float32Array) => a.reduce((s, x, i) => s + x * b[i]!, 0)
    expect(cosine(dog!, cat!)).toBeGreaterThan(cosine(dog!, bank!) + 0.2)
    expect(vectors.vectorOf('grmblfx')).toBeUndefined()
  })
})
