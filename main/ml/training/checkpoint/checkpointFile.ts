/** The checkpoint file: a JSON header, tensors, and a checksum over both, replaced atomically. */
import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { z } from 'zod'
import { AppError } from '../../../../shared/errors.js'
import { writeFileAtomically } from '../../../platform/atomicFiles.js'

/** What a checkpoint holds: `state` is any JSON, tensors are float32 arrays by name. */
export interface CheckpointContent {
  readonly state: unknown
  readonly tensors: ReadonlyMap<string, Float32Array>
}

// [Note: checkpoint format]
// "SMBLCKP1", uint32 header length, header (JSON: state, and name and length of each tensor), the
// tensors' float32 values one after the other (little-endian), SHA-256 of everything before it. The
// checkpoint before it stays whole until the new one is.
const magic = Buffer.from('SMBLCKP1')
const checksumBytes = 32
const chunkBytes = 2 ** 24

const headerSchema = z.object({
  state: z.unknown(),
  tensors: z.array(z.object({ name: z.string(), length: z.number().int().min(0) })),
})

/** Writes a checkpoint over the one at `path`. Throws DISK_FULL, the old one then being intact. */
export async function writeCheckpoint(path: string, content: CheckpointContent): Promise<void> {
  const pieces = [encodeStart(content), ...[...content.tensors.values()].map(bytesOf)]
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  await writeFileAtomically(path, [...pieces, hash.digest()])
}

function encodeStart({ state, tensors }: CheckpointContent): Uint8Array {
  const names = [...tensors].map(([name, values]) => ({ name, length: values.length }))
  const header = Buffer.from(JSON.stringify({ state, tensors: names }))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(header.length)
  return Buffer.concat([magic, length, header])
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/**
 * Reads a checkpoint; null if there is none.
 *
 * @throws CHECKPOINT_INVALID if the file is damaged
 */
export async function readCheckpoint(path: string): Promise<CheckpointContent | null> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (file === null) return null
  try {
    return await readParts(file, path)
  } finally {
    await file.close()
  }
}

async function readParts(file: FileHandle, path: string): Promise<CheckpointContent> {
  const hash = createHash('sha256')
  const read = async (bytes: Uint8Array) => {
    await readWhole(file, bytes, path)
    hash.update(bytes)
  }
  const start = Buffer.alloc(magic.length + 4)
  await read(start)
  const headerLength = start.readUInt32LE(magic.length)
  const { size } = await file.stat()
  if (!start.subarray(0, magic.length).equals(magic) || headerLength > size) {
    throw invalid(path, 'it is not a checkpoint')
  }
  const headerBytes = Buffer.alloc(headerLength)
  await read(headerBytes)
  const header = parseHeader(headerBytes, path)
  const payload = header.tensors.reduce((sum, tensor) => sum + tensor.length * 4, 0)
  if (start.length + headerLength + payload + checksumBytes !== size) {
    throw invalid(path, 'it is not complete')
  }
  const tensors = new Map<string, Float32Array>()
  for (const { name, length } of header.tensors) {
    const values = new Float32Array(length)
    const bytes = new Uint8Array(values.buffer)
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      await read(bytes.subarray(at, at + chunkBytes))
    }
    tensors.set(name, values)
  }
  const checksum = Buffer.alloc(checksumBytes)
  await readWhole(file, checksum, path)
  if (!checksum.equals(hash.digest())) throw invalid(path, 'its checksum does not match')
  return { state: header.state, tensors }
}

async function readWhole(file: FileHandle, bytes: Uint8Array, path: string): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, at, bytes.length - at)
    if (bytesRead === 0) throw invalid(path, 'it is not complete')
    at += bytesRead
  }
}

function parseHeader(bytes: Buffer, path: string): z.infer<typeof headerSchema> {
  try {
    return headerSchema.parse(JSON.parse(bytes.toString('utf8')))
  } catch {
    throw invalid(path, 'its header is damaged')
  }
}

function invalid(path: string, reason: string): AppError {
  return new AppError('CHECKPOINT_INVALID', { path, reason })
}
