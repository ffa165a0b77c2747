/** Memory for rows of numbers that other threads can read, and the products of all rows with a vector. */
import { dot } from './dot.js'
import { createProductKernel, kernelStep, mostPages, type ProductKernel } from './productKernel.js'

export interface RowBlock {
  /** [rows, dim] */
  readonly vectors: Float32Array<SharedArrayBuffer>
  /**
   * The products of the first `rows` rows.
   *
   * @param vector [dim]
   * @returns [rows], until the next call for any block
   */
  products(vector: Float32Array, rows: number): Float32Array
}

const pageBytes = 65_536

/** Makes blocks of equal size; what they hold never moves. */
export class RowBlocks {
  private readonly dim: number
  private readonly rows: number
  private memory: KernelMemory | null = null
  private mayBeQuick: boolean

  constructor(dim: number, rows: number) {
    this.dim = dim
    this.rows = rows
    this.mayBeQuick = dim % kernelStep === 0
  }

  append(): RowBlock {
    try {
      if (this.mayBeQuick) return this.quickBlock()
    } catch {
      // It is full, or this machine has none of that kind: further blocks are slower, and nothing else.
      this.mayBeQuick = false
    }
    return this.plainBlock()
  }

  /** @throws where there is no room, or no processor for it */
  private quickBlock(): RowBlock {
    this.memory ??= new KernelMemory(this.dim, this.rows)
    return this.memory.append()
  }

  private plainBlock(): RowBlock {
    const { dim, rows } = this
    const vectors = new Float32Array(new SharedArrayBuffer(4 * rows * dim))
    const products = new Float32Array(rows)
    return {
      vectors,
      products: (vector, count) => {
        for (let row = 0; row < count; row++) products[row] = dot(vectors, row * dim, vector)
        return products.subarray(0, count)
      },
    }
  }
}

/** One memory for all blocks. In front of them stand the vector of a call and its products. */
class KernelMemory {
  private readonly dim: number
  private readonly rows: number
  private readonly memory: WebAssembly.Memory
  private readonly kernel: ProductKernel
  private readonly vector: Float32Array
  private readonly product: Float32Array

  constructor(dim: number, rows: number) {
    this.dim = dim
    this.rows = rows
    const initial = pagesFor(4 * (dim + rows))
    this.memory = new WebAssembly.Memory({ initial, maximum: mostPages, shared: true })
    this.kernel = createProductKernel(this.memory)
    this.vector = new Float32Array(this.memory.buffer, 0, dim)
    this.product = new Float32Array(this.memory.buffer, 4 * dim, rows)
  }

  /** @throws RangeError if the memory can grow no further */
  append(): RowBlock {
    const { dim, rows } = this
    const start = pageBytes * this.memory.grow(pagesFor(4 * rows * dim))
    const { buffer } = this.memory
    return {
      vectors: new Float32Array(buffer, start, rows * dim),
      products: (vector, count) => {
        this.vector.set(vector)
        this.kernel(start, count, 4 * dim, 0, 4 * dim)
        return this.product.subarray(0, count)
      },
    }
  }
}

function pagesFor(bytes: number): number {
  return Math.ceil(bytes / pageBytes)
}
