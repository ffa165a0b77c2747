/** All vectors of a model in one flat file, which is read faster than as many rows of a database. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { removeStaleTemporaries, writeFileAtomically } from '../../platform/atomicFiles.js'
import { fileStem } from './fileStem.js'
import { VectorMatrix } from './vectorMatrix.js'

/** Which vectors a file holds. */
export interface VectorFileContent {
  readonly modelId: string
  readonly dim: number
  /** The database's version of the model's embeddings. */
  readonly version: string
}

/** The header: JSON, filled up with spaces. Then all keys, then all vectors, in this machine's byte order. */
const headerBytes = 4096
const format = 1

export function vectorFilePath(folder: string, modelId: string): string {
  return join(folder, `${fileStem(modelId)}.vectors`)
}

/**
 * The matrix of a file that holds just this content, or null. The file is a cache: whatever is wrong
 * with it, it is made anew from the database.
 */
export function readVectorFile(path: string, content: VectorFileContent): VectorMatrix | null {
  let file: number | null = null
  try {
    file = openSync(path, 'r')
    return readMatrix(file, content)
  } catch {
    return null
  } finally {
    if (file !== null) closeSync(file)
  }
}

function readMatrix(file: number, content: VectorFileContent): VectorMatrix | null {
  const header = Buffer.alloc(headerBytes)
  readFully(file, header, 0)
  const rows: unknown = JSON.parse(header.toString('utf8')).rows
  if (typeof rows !== 'number' || !header.equals(writeHeader(content, rows))) return null
  const { dim } = content
  if (fstatSync(file).size !== headerBytes + 4 * rows * (1 + dim)) return null
  const matrix = new VectorMatrix(dim)
  let keysAt = headerBytes
  let vectorsAt = headerBytes + 4 * rows
  for (const { keys, vectors } of matrix.reserve(rows)) {
    keysAt = readFully(file, keys, keysAt)
    vectorsAt = readFully(file, vectors, vectorsAt)
  }
  return matrix
}

/** @returns where it ends in the file */
function readFully(file: number, into: NodeJS.ArrayBufferView, from: number): number {
  for (let done = 0; done < into.byteLength; ) {
    const count = readSync(file, into, done, into.byteLength - done, from + done)
    if (count === 0) throw new Error('the file ends too early')
    done += count
  }
  return from + into.byteLength
}

/** Replaces the file. @throws AppError DISK_FULL, FILE_UNREADABLE */
export async function writeVectorFile(
  path: string,
  content: VectorFileContent,
  matrix: VectorMatrix,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await removeStaleTemporaries(path)
  const blocks = matrix.packed()
  const rows = blocks.reduce((sum, { keys }) => sum + keys.length, 0)
  await writeFileAtomically(path, [
    writeHeader(content, rows),
    // A row that goes while the file is written loses its key, so keys are copied now.
    ...blocks.map(({ keys }) => bytesOf(keys.slice())),
    ...blocks.map(({ vectors }) => bytesOf(vectors)),
  ])
}

function writeHeader({ modelId, dim, version }: VectorFileContent, rows: number): Buffer {
  const header = Buffer.alloc(headerBytes, ' ')
  header.write(JSON.stringify({ format, modelId, dim, version, rows }))
  return header
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
