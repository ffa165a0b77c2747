/** Computes an encoder's values at its frontier for many inputs, and reads them back for batches. */
import { join } from 'node:path'
import type { TrainingEvent } from '../../../../../shared/domain/training.js'
import type { PreprocessConfig } from '../../../clip/preprocessConfig.js'
import { writeModel } from '../../../onnx/writeModel.js'
import { openSession } from '../../../runtime/openSession.js'
import type { InPlaceSession, SessionOptions, Tensors } from '../../../runtime/session.js'
import { embedPictures } from '../../features/embedPictures.js'
import type { SkippedRow } from '../../features/featureCache.js'
import { type ComputedRows, openRowStore, type RowStore } from '../../features/rowStore.js'
import type { TokenTable } from '../../sources/tokenTexts.js'
import type { BatchPart } from '../../step/contrastiveBatch.js'
import { pick } from '../../step/stepRunner.js'
import type { MethodContext } from '../method.js'
import type { Frontier } from './frontier.js'

/** The rows of some inputs. */
export interface FrontierRows {
  readonly skipped: readonly SkippedRow[]
  /** What the trained half is fed for these inputs, in that order. */
  part(rows: Int32Array): BatchPart
  dispose(): Promise<void>
}

export interface FrontierRowsOptions {
  readonly frontier: Frontier
  /** Tells the file of these inputs from others. */
  readonly name: string
  readonly context: Pick<MethodContext, 'workFolder' | 'signal' | 'onEvent' | 'run'>
}

export async function openPictureRows(
  paths: readonly string[],
  config: PreprocessConfig,
  options: FrontierRowsOptions,
): Promise<FrontierRows> {
  const { frontier, context } = options
  const dims = frontier.rowDims(1)
  const length = sizeOf(dims)
  const compute = async (session: InPlaceSession, start: number, end: number) => {
    const { data, skipped } = await embedPictures({
      paths: paths.slice(start, end),
      config,
      signal: context.signal,
      encode: async (pixels, count) => {
        const shape = [count, 3, config.height, config.width]
        const feeds: Tensors = { pixel_values: { type: 'float32', dims: shape, data: pixels } }
        return valuesOf(await session.run(feeds), frontier)
      },
    })
    // Without a readable picture nothing tells how long the rows are.
    return { data: data.length > 0 ? data : new Float32Array((end - start) * length), skipped }
  }
  const store = await openRows(
    paths.map(() => length),
    compute,
    options,
  )
  return {
    skipped: store.skipped,
    part: (rows) => async (start, count) => ({
      [frontier.value]: await readEqual(store, rows.subarray(start, start + count), dims),
    }),
    dispose: () => store.dispose(),
  }
}

// [Note: cached texts of different lengths]
// Each text is computed at its own length, and its row is filled up with zeros where a batch is longer.
// In a causal encoder nothing before a text's end depends on what comes after it, and only encoders
// for which that was seen to hold are cut at all.

export async function openTextRows(
  count: number,
  tokens: TokenTable,
  options: FrontierRowsOptions,
): Promise<FrontierRows> {
  const { frontier } = options
  const lengthOf = (row: number) => sizeOf(frontier.rowDims(tokens.lengthOf(row)))
  const lengths = Array.from({ length: count }, (_, row) => lengthOf(row))
  const compute = (session: InPlaceSession, start: number, end: number) =>
    computeTexts(session, frontier, tokens, start, end)
  const store = await openRows(lengths, compute, options)
  return {
    skipped: [],
    part: (rows) => {
      const own = tokens.inputs(rows)
      return async (start, some) => {
        const inputs = await own(start, some)
        const dims = frontier.rowDims(inputs.input_ids!.dims[1]!)
        const picked = rows.subarray(start, start + some)
        return { ...inputs, [frontier.value]: await readEqual(store, picked, dims) }
      }
    },
    dispose: () => store.dispose(),
  }
}

/** Texts of each length in one go. */
async function computeTexts(
  session: InPlaceSession,
  frontier: Frontier,
  tokens: TokenTable,
  start: number,
  end: number,
): Promise<ComputedRows> {
  const rows = Array.from({ length: end - start }, (_, i) => start + i)
  const values = new Map<number, Float32Array>()
  for (const length of new Set(rows.map(tokens.lengthOf))) {
    const alike = Int32Array.from(rows.filter((row) => tokens.lengthOf(row) === length))
    const inputs = await tokens.inputs(alike)(0, alike.length)
    const all = valuesOf(await session.run(pick(session, inputs)), frontier)
    const size = all.length / alike.length
    alike.forEach((row, i) => {
      values.set(row, all.subarray(i * size, (i + 1) * size))
    })
  }
  return { data: joinRows(rows.map((row) => values.get(row)!)), skipped: [] }
}

function joinRows(rows: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0))
  let at = 0
  for (const row of rows) {
    joined.set(row, at)
    at += row.length
  }
  return joined
}

/** Opens the store; the first half's session is closed again once everything is computed. */
async function openRows(
  lengths: readonly number[],
  compute: (session: InPlaceSession, start: number, end: number) => Promise<ComputedRows>,
  { frontier, name, context }: FrontierRowsOptions,
): Promise<RowStore> {
  const { workFolder, signal, onEvent, run } = context
  const { device, threads } = run.spec
  const options: SessionOptions = { device, threads, memoryPattern: false }
  let session: InPlaceSession | undefined
  try {
    return await openRowStore({
      path: join(workFolder, 'features', `${name}.bin`),
      lengths,
      signal,
      compute: async (start, end) => {
        session ??= await openSession(writeModel(frontier.before), options)
        return compute(session, start, end)
      },
      onProgress: (done, total) => onEvent(computing(done, total)),
    })
  } finally {
    await session?.dispose()
  }
}

function computing(done: number, total: number): TrainingEvent {
  return { type: 'preparing', phase: 'computing features', done, total }
}

function valuesOf(results: Tensors, { value }: Frontier): Float32Array {
  return results[value]!.data as Float32Array
}

/** Some rows as one tensor, each filled up with zeros to `dims`. */
async function readEqual(
  store: RowStore,
  rows: Int32Array,
  dims: readonly number[],
): Promise<Tensors[string]> {
  const length = sizeOf(dims)
  const data = new Float32Array(rows.length * length)
  for (const [i, row] of rows.entries()) await store.read(row, data, i * length)
  return { type: 'float32', dims: [rows.length * dims[0]!, ...dims.slice(1)], data }
}

function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1)
}
