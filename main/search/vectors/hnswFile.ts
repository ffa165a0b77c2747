/** HNSW graphs on disk: hnswlib's file and, beside it, what tells whether that file may be used. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.js'
import { writeFileAtomically } from '../../platform/atomicFiles.js'
import { toFileError } from '../../platform/fileErrors.js'
import { HnswGraph, hnswParameters } from '../../platform/vectors/hnswGraph.js'
import { fileStem } from './fileStem.js'

/** Whose vectors a graph holds. */
export interface GraphOwner {
  readonly modelId: string
  readonly dim: number
}

/** Which vectors a graph holds. */
export interface GraphContent extends GraphOwner {
  /** The database's version of the model's embeddings. */
  readonly version: string
}

const headerSchema = z.object({
  format: z.literal(1),
  modelId: z.string(),
  dim: z.number().int(),
  version: z.string(),
  m: z.number().int(),
  efConstruction: z.number().int(),
  count: z.number().int(),
  removedKeys: z.array(z.number().int()),
  sizeBytes: z.number().int(),
  sha256: z.string(),
})
type Header = z.infer<typeof headerSchema>

/** Above this share of removed nodes a fresh graph is smaller and quicker. */
const removedShareLimit = 0.3

/**
 * Version and number of vectors of the owner's graph, if the folder seems to hold one: a quick look
 * before the file is read.
 */
export async function glanceAtGraph(
  folder: string,
  owner: GraphOwner,
): Promise<{ version: string; count: number } | null> {
  const header = await readHeader(pathsIn(folder, owner.modelId).header)
  return header !== null && fits(header, owner) ? header : null
}

/** The owner's graph with its version, or null if the folder does not hold it whole. */
export async function readGraph(
  folder: string,
  owner: GraphOwner,
): Promise<{ graph: HnswGraph; version: string } | null> {
  const paths = pathsIn(folder, owner.modelId)
  const header = await readHeader(paths.header)
  if (header === null || !fits(header, owner)) return null
  try {
    // hnswlib may crash on a damaged file, so it is given none that has not been checked.
    const found = await checksum(paths.data)
    if (found.sizeBytes !== header.sizeBytes || found.sha256 !== header.sha256) return null
    const graph = new HnswGraph(owner.dim, { path: paths.data, removedKeys: header.removedKeys })
    return graph.size === header.count ? { graph, version: header.version } : null
  } catch {
    // Whatever is wrong with a cache, it is made anew.
    return null
  }
}

/**
 * Replaces the folder's graph of this model. The header comes last, so that a crash in between
 * leaves a file that its header does not fit, and not a wrong one that it does.
 *
 * @throws AppError DISK_FULL, FILE_UNREADABLE
 */
export async function writeGraph(
  folder: string,
  content: GraphContent,
  graph: HnswGraph,
): Promise<void> {
  const paths = pathsIn(folder, content.modelId)
  try {
    await mkdir(folder, { recursive: true })
    graph.write(paths.partial)
    await synchronise(paths.partial)
    const written = await checksum(paths.partial)
    const { m, efConstruction } = hnswParameters
    const removedKeys = [...graph.removedKeys]
    // Each node takes its vector, its key and its links in the lowest layer.
    const leastBytes = (graph.size + removedKeys.length) * (4 * content.dim + 8 + 8 * m)
    if (written.sizeBytes < leastBytes) throw new AppError('DISK_FULL', { path: paths.data })
    await rename(paths.partial, paths.data)
    const header: Header = {
      format: 1,
      ...content,
      m,
      efConstruction,
      count: graph.size,
      removedKeys,
      ...written,
    }
    await writeFileAtomically(paths.header, JSON.stringify(header))
  } catch (error) {
    await rm(paths.partial, { force: true }).catch(() => {})
    throw toFileError(error, paths.data)
  }
}

function pathsIn(folder: string, modelId: string) {
  const data = join(folder, `${fileStem(modelId)}.hnsw`)
  return { data, partial: `${data}.partial`, header: `${data}.json` }
}

async function readHeader(path: string): Promise<Header | null> {
  try {
    return headerSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return null
  }
}

function fits(header: Header, owner: GraphOwner): boolean {
  const { m, efConstruction } = hnswParameters
  const nodes = header.count + header.removedKeys.length
  return (
    header.modelId === owner.modelId &&
    header.dim === owner.dim &&
    header.m === m &&
    header.efConstruction === efConstruction &&
    header.removedKeys.length <= removedShareLimit * nodes
  )
}

async function checksum(path: string): Promise<{ sizeBytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), async (chunks) => {
    for await (const chunk of chunks as AsyncIterable<Buffer>) {
      hash.update(chunk)
      sizeBytes += chunk.length
    }
  })
  return { sizeBytes, sha256: hash.digest('hex') }
}

async function synchronise(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
