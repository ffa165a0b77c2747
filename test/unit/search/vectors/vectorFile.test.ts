import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { packVectors } from '../../../../main/search/vectors/vectorBatch.js'
import {
  readVectorFile,
  vectorFilePath,
  writeVectorFile,
} from '../../../../main/search/vectors/vectorFile.js'
import { VectorMatrix } from '../../../../main/search/vectors/vectorMatrix.js'
import { folderForFile } from '../../../support/temporaryFolder.js'

const content = { modelId: 'a model/1', dim: 5, version: '3.9000' }
/** More than one block of the matrix holds. */
const rows = 9_000

const folder = folderForFile()
let matrix: VectorMatrix

beforeAll(() => {
  matrix = new VectorMatrix(content.dim)
  const items = Array.from({ length: rows }, (_, i) => ({
    key: 7 * i,
    vector: Float32Array.from({ length: content.dim }, (_, j) => Math.sin(i * 5 + j)),
  }))
  matrix.upsert(packVectors(items, content.dim))
  matrix.remove([0, 7 * 4_000, 7 * 8_500])
})

async function written(name: string): Promise<string> {
  const path = vectorFilePath(join(folder(), name), content.modelId)
  await writeVectorFile(path, content, matrix)
  return path
}

const query = Float32Array.from([0.1, 0.5, -0.2, 0.4, 0.7])

describe('the file of vectors', () => {
  it('gives back the rows that were held, and can be changed like others', async () => {
    const read = readVectorFile(await written('whole'), content)!
    expect(read.size).toBe(rows - 3)
    expect(read.search(query, 50, null)).toEqual(matrix.search(query, 50, null))
    expect(read.has(7 * 4_000)).toBe(false)
    expect(read.has(7 * 8_999)).toBe(true)
    read.upsert(packVectors([{ key: 1, vector: query }], content.dim))
    expect(read.search(query, 1, null)[0]!.key).toBe(1)
    read.remove([1])
    expect(read.search(query, 50, null)).toEqual(matrix.search(query, 50, null))
  })

  it('is passed over where it holds something else', async () => {
    const path = await written('other')
    for (const other of [{ version: '4.9000' }, { dim: 6 }, { modelId: 'b' }]) {
      expect(readVectorFile(path, { ...content, ...other })).toBeNull()
    }
    expect(readVectorFile(join(folder(), 'missing'), content)).toBeNull()
  })

  it('is passed over where it is damaged', async () => {
    const path = await written('damaged')
    const bytes = await readFile(path)
    await truncate(path, bytes.length - 4)
    expect(readVectorFile(path, content)).toBeNull()
    await truncate(path, 100)
    expect(readVectorFile(path, content)).toBeNull()
    await writeFile(path, Buffer.alloc(bytes.length))
    expect(readVectorFile(path, content)).toBeNull()
    await writeVectorFile(path, content, matrix)
    expect(readVectorFile(path, content)?.size).toBe(rows - 3)
  })
})
