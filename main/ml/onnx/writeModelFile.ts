/** Writes a model file so that it is whole or absent, with external data where protobuf cannot hold it. */
import { randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { removeStaleTemporaries, writeFileAtomically } from '../../platform/atomicFiles.js'
import { bytesOf } from './elementTypes.js'
import type { Graph } from './graph.js'
import type { ExternalRange } from './tensorProto.js'
import { type ExternalRanges, encodeModel, sizeOf } from './writeModel.js'

/** Protobuf refuses messages of 2 GiB and more. */
const protobufLimitBytes = 2 ** 31 - 1
/** onnxruntime maps external data into memory where it starts at a page boundary. */
const pageBytes = 4096
/** Smaller tensors stay in the model: shape inference wants to see constants. */
const externalTensorBytes = 1024

export interface WriteModelOptions {
  /** A model larger than this keeps its weights in a file beside it. */
  readonly externalAboveBytes?: number
}

/**
 * Writes `graph` to `path`: a temporary file, synchronised, then renamed over the old one.
 *
 * External data goes to `<name>.<random>.data` in the same folder before the model that names it,
 * so that the old model and its data stay whole until the rename; data files of former versions
 * are deleted after it.
 *
 * @throws AppError DISK_FULL, FILE_NOT_FOUND where its folder is missing, FILE_UNREADABLE
 */
export async function writeModelFile(
  path: string,
  graph: Graph,
  options: WriteModelOptions = {},
): Promise<void> {
  const { externalAboveBytes = protobufLimitBytes } = options
  await removeStaleTemporaries(path)
  const whole = encodeModel(graph)
  if (sizeOf(whole) > externalAboveBytes) return writeWithExternalData(path, graph)
  await writeFileAtomically(path, whole)
  await deleteStaleData(path, null)
}

async function writeWithExternalData(path: string, graph: Graph): Promise<void> {
  const location = `${basename(path)}.${randomBytes(4).toString('hex')}.data`
  const ranges = layOut(graph, location)
  const data = [...ranges].flatMap(([name, range]) => {
    const bytes = bytesOf(graph.initializers.get(name)!.data)
    return [bytes, new Uint8Array(alignToPage(range.lengthBytes) - range.lengthBytes)]
  })
  await writeFileAtomically(join(dirname(path), location), data)
  await writeFileAtomically(path, encodeModel(graph, ranges))
  await deleteStaleData(path, location)
}

function layOut(graph: Graph, location: string): ExternalRanges {
  const ranges = new Map<string, ExternalRange>()
  let offsetBytes = 0
  for (const [name, { data }] of graph.initializers) {
    if (data.byteLength < externalTensorBytes) continue
    ranges.set(name, { location, offsetBytes, lengthBytes: data.byteLength })
    offsetBytes += alignToPage(data.byteLength)
  }
  return ranges
}

function alignToPage(sizeBytes: number): number {
  return Math.ceil(sizeBytes / pageBytes) * pageBytes
}

async function deleteStaleData(path: string, current: string | null): Promise<void> {
  const prefix = `${basename(path)}.`
  for (const name of await readdir(dirname(path))) {
    const suffix = name.startsWith(prefix) ? name.slice(prefix.length) : ''
    if (!/^[0-9a-f]{8}\.data$/.test(suffix) || name === current) continue
    await rm(join(dirname(path), name), { force: true })
  }
}
