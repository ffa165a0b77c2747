/** Unit vectors as rows of a matrix, searched by comparing the query with every row. */

import { BestHits } from '../../platform/vectors/bestHits.js'
import { dot } from '../../platform/vectors/dot.js'
import { type RowBlock, RowBlocks } from '../../platform/vectors/rowBlocks.js'
import { largestKey, type VectorHit } from '../vectorIndex.js'
import type { VectorBatch } from './vectorBatch.js'

/** Rows in one block; a block is 8 MB at 256 numbers a row. */
const blockRows = 8192
/** The key of a row that holds nothing. */
const noKey = largestKey + 1

/** What another thread needs to read the rows; both arrays are shared memory. */
export interface MatrixBlock {
  readonly keys: Uint32Array<SharedArrayBuffer>
  /** [keys, dim] */
  readonly vectors: Float32Array<SharedArrayBuffer>
}

interface Block extends MatrixBlock {
  readonly products: RowBlock['products']
}

/**
 * Grows block by block, so that growing neither copies the rows nor needs room for them twice.
 *
 * A row stays where it is while its key is in the matrix, and a removed row is only marked. So a
 * thread that reads the blocks while this one writes sees for each key, if anything, one of its own
 * vectors, unless the key was changed in the meantime.
 */
export class VectorMatrix {
  readonly dim: number
  private readonly memory: RowBlocks
  private readonly blocks: Block[] = []
  /** Row by key; made when it is first asked for, which comparing every row does not. */
  private rows: Map<number, number> | null = null
  private readonly freeRows: number[] = []
  private usedRows = 0
  private changes = 0

  constructor(dim: number) {
    this.dim = dim
    this.memory = new RowBlocks(dim, blockRows)
  }

  get size(): number {
    return this.usedRows - this.freeRows.length
  }

  /** How often rows were written or removed. */
  get revision(): number {
    return this.changes
  }

  upsert({ keys, vectors }: VectorBatch): void {
    this.changes++
    keys.forEach((key, i) => {
      const row = this.rowOf.get(key) ?? this.freeRows.pop() ?? this.appendRow()
      const block = this.blocks[Math.floor(row / blockRows)]!
      const place = row % blockRows
      block.vectors.set(vectors.subarray(i * this.dim, (i + 1) * this.dim), place * this.dim)
      block.keys[place] = key
      this.rowOf.set(key, row)
    })
  }

  remove(keys: Iterable<number>): void {
    this.changes++
    for (const key of keys) {
      const row = this.rowOf.get(key)
      if (row === undefined) continue
      this.blocks[Math.floor(row / blockRows)]!.keys[row % blockRows] = noKey
      this.rowOf.delete(key)
      this.freeRows.push(row)
    }
  }

  /** @param query [dim], of unit length */
  search(query: Float32Array, k: number, allow: Uint32Array | null): VectorHit[] {
    const best = new BestHits(k)
    if (allow === null) this.scanAll(query, best)
    else this.scanKeys(query, new Set(allow), best)
    return best.sorted()
  }

  /** Whether it holds a vector of this key. */
  has(key: number): boolean {
    return this.rowOf.has(key)
  }

  keys(): Iterable<number> {
    return this.rowOf.keys()
  }

  /**
   * Compares every row with a vector.
   *
   * @param vector [dim]
   * @param placeOf where in the answer a key belongs; -1 or nothing for keys that are not asked for
   * @param known products by place of the same vector: only those that are missing are computed
   * @returns the products by place, NaN for places without a row
   */
  products(
    vector: Float32Array,
    placeOf: Int32Array,
    places: number,
    known?: Float32Array<ArrayBuffer>,
  ): Float32Array<ArrayBuffer> {
    const products = known ?? new Float32Array(places).fill(Number.NaN)
    this.blocks.forEach(({ keys, vectors, products: ofBlock }, index) => {
      const used = this.usedRowsOf(index)
      const all = known === undefined ? ofBlock(vector, used) : null
      for (let row = 0; row < used; row++) {
        const place = placeOf[keys[row]!] ?? -1
        if (place < 0) continue
        if (all !== null) products[place] = all[row]!
        else if (Number.isNaN(products[place]!))
          products[place] = dot(vectors, row * this.dim, vector)
      }
    })
    return products
  }

  /** Up to so many of the vectors, from all over the rows. */
  sample(count: number): Float32Array[] {
    const step = Math.max(1, this.usedRows / count)
    const found: Float32Array[] = []
    for (let at = 0; at < this.usedRows; at += step) {
      const row = Math.floor(at)
      const { keys, vectors } = this.blocks[Math.floor(row / blockRows)]!
      const start = (row % blockRows) * this.dim
      if (keys[row % blockRows] !== noKey) found.push(vectors.subarray(start, start + this.dim))
    }
    return found
  }

  /** All blocks; rows past the last one used have no key. */
  shared(): readonly MatrixBlock[] {
    return this.blocks.map(({ keys, vectors }) => ({ keys, vectors }))
  }

  /**
   * Makes room for so many rows in an empty matrix. The caller fills it before anything else is
   * asked, with keys that are all different and vectors of unit length.
   */
  reserve(count: number): readonly MatrixBlock[] {
    const parts: MatrixBlock[] = []
    for (let left = count; left > 0; left -= blockRows) {
      const { keys, vectors } = this.appendBlock()
      const rows = Math.min(left, blockRows)
      parts.push({ keys: keys.subarray(0, rows), vectors: vectors.subarray(0, rows * this.dim) })
    }
    this.usedRows = count
    this.changes++
    return parts
  }

  /** The rows that hold something, without those between them that do not. */
  packed(): readonly MatrixBlock[] {
    return this.blocks.map(({ keys, vectors }, index) => {
      const used = this.usedRowsOf(index)
      const held = keys.subarray(0, used)
      if (!held.includes(noKey))
        return { keys: held, vectors: vectors.subarray(0, used * this.dim) }
      return pack(held, vectors, this.dim)
    })
  }

  private get rowOf(): Map<number, number> {
    if (this.rows !== null) return this.rows
    const rows = new Map<number, number>()
    for (let row = 0; row < this.usedRows; row++) {
      rows.set(this.blocks[Math.floor(row / blockRows)]!.keys[row % blockRows]!, row)
    }
    this.rows = rows
    return rows
  }

  /** How many of a block's rows have been written. */
  private usedRowsOf(block: number): number {
    return Math.max(0, Math.min(blockRows, this.usedRows - block * blockRows))
  }

  private appendRow(): number {
    if (this.usedRows === this.blocks.length * blockRows) this.appendBlock()
    return this.usedRows++
  }

  private appendBlock(): Block {
    const keys = new Uint32Array(new SharedArrayBuffer(4 * blockRows)).fill(noKey)
    const block = { keys, ...this.memory.append() }
    this.blocks.push(block)
    return block
  }

  private scanAll(query: Float32Array, best: BestHits): void {
    this.blocks.forEach(({ keys, products }, index) => {
      products(query, this.usedRowsOf(index)).forEach((product, row) => {
        const key = keys[row]!
        if (key !== noKey) best.add(key, product)
      })
    })
  }

  private scanKeys(query: Float32Array, keys: ReadonlySet<number>, best: BestHits): void {
    for (const key of keys) {
      const row = this.rowOf.get(key)
      if (row === undefined) continue
      const { vectors } = this.blocks[Math.floor(row / blockRows)]!
      best.add(key, dot(vectors, (row % blockRows) * this.dim, query))
    }
  }
}

function pack(
  keys: Uint32Array<SharedArrayBuffer>,
  vectors: Float32Array<SharedArrayBuffer>,
  dim: number,
): MatrixBlock {
  const rows = [...keys.keys()].filter((row) => keys[row] !== noKey)
  const packed = {
    keys: new Uint32Array(new SharedArrayBuffer(4 * rows.length)),
    vectors: new Float32Array(new SharedArrayBuffer(4 * rows.length * dim)),
  }
  rows.forEach((row, place) => {
    packed.keys[place] = keys[row]!
    packed.vectors.set(vectors.subarray(row * dim, (row + 1) * dim), place * dim)
  })
  return packed
}

/** The keys and vectors of all rows that hold one. */
export function* rowsOf(blocks: readonly MatrixBlock[], dim: number) {
  for (const { keys, vectors } of blocks) {
    for (const [row, key] of keys.entries()) {
      if (key !== noKey) yield { key, vector: vectors.subarray(row * dim, (row + 1) * dim) }
    }
  }
}
