/** The kept embeddings of generic phrases are used only where they are whole, and the model's own. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { genericPhrases } from '../../../../main/search/ranking/genericPhrases.js'
import { phraseVectors } from '../../../../main/search/ranking/phraseFile.js'
import { uniform } from '../../../support/random.js'
import { temporaryFolder } from '../../../support/temporaryFolder.js'

const dim = 8

/** An encoder that counts how often it was asked. */
function encoderOf(seed: number) {
  const next = uniform(seed)
  const vectors = Float32Array.from({ length: genericPhrases.length * dim }, next)
  let asked = 0
  const encode = async (phrases: readonly string[]) => {
    expect(phrases).toBe(genericPhrases)
    asked++
    return vectors
  }
  return { vectors, encode, asked: () => asked }
}

test('phrases are encoded once for a model', async () => {
  const folder = join(await temporaryFolder(), 'vectors')
  const [first, second] = [encoderOf(1), encoderOf(2)]
  const model = { modelId: 'a', dim }
  expect(await phraseVectors(folder, model, first.encode)).toEqual(first.vectors)
  expect(await phraseVectors(folder, model, first.encode)).toEqual(first.vectors)
  expect(first.asked()).toBe(1)
  const other = { modelId: 'b', dim }
  expect(await phraseVectors(folder, other, second.encode)).toEqual(second.vectors)
  expect(await phraseVectors(folder, model, second.encode)).toEqual(first.vectors)
  expect(second.asked()).toBe(1)
})

test('a file that is cut, altered or of another model is made anew', async () => {
  const folder = await temporaryFolder()
  const { vectors, encode, asked } = encoderOf(3)
  const model = { modelId: 'a', dim }
  await phraseVectors(folder, model, encode)
  const [name = ''] = await readdir(folder)
  const path = join(folder, name)
  const whole = await readFile(path)
  const altered = Buffer.from(whole)
  altered[100]! ^= 1
  for (const [i, bytes] of [whole.subarray(0, -4), altered, Buffer.alloc(0)].entries()) {
    await writeFile(path, bytes)
    expect(await phraseVectors(folder, model, encode)).toEqual(vectors)
    expect(asked()).toBe(i + 2)
    expect(await readFile(path)).toEqual(whole)
  }
})
