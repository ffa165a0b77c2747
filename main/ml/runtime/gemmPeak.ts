/** Measures how fast onnxruntime multiplies matrices here: what training speeds are compared with. */
import type { TensorData } from '../onnx/graph.js'
import { GraphBuilder } from '../onnx/graphBuilder.js'
import { writeModel } from '../onnx/writeModel.js'
import { openSession } from './openSession.js'
import type { InPlaceSession } from './session.js'

export interface GemmPeakOptions {
  /** Threads inside one product; 0 lets onnxruntime choose. */
  readonly threads: number
  /** How long to measure, all sizes together. */
  readonly seconds: number
}

/** Rows, inner size and columns: squares, and the products that transformers are made of. */
const productSizes: readonly (readonly [m: number, k: number, n: number])[] = [
  [512, 512, 512],
  [1024, 1024, 128],
  [1024, 1024, 1024],
  [1600, 768, 3072],
  [1600, 3072, 768],
  [4096, 256, 1024],
]

/**
 * The best rate among some product sizes, each by its median run, in GFLOP/s (1e9 floating-point
 * operations a second, a multiplication and an addition counting as two).
 */
export async function measureGemmPeak({ threads, seconds }: GemmPeakOptions): Promise<number> {
  const session = await openSession(writeModel(buildProduct()), { device: 'cpu', threads })
  try {
    let best = 0
    for (const [m, k, n] of productSizes) {
      const runSeconds = await medianRunSeconds(session, m, k, n, seconds / productSizes.length)
      best = Math.max(best, (2 * m * k * n) / runSeconds / 1e9)
    }
    return best
  } finally {
    await session.dispose()
  }
}

function buildProduct() {
  const builder = new GraphBuilder('gemm-peak')
  const a = builder.input('a', 'float32', ['m', 'k'])
  const b = builder.input('b', 'float32', ['k', 'n'])
  builder.output(builder.op('MatMul', [a, b]), 'float32', ['m', 'n'], 'product')
  return builder.build()
}

async function medianRunSeconds(
  session: InPlaceSession,
  m: number,
  k: number,
  n: number,
  seconds: number,
): Promise<number> {
  const feeds = { a: filled(m, k), b: filled(k, n) }
  // Preallocated, so that the time is the product's and not that of fresh memory.
  const outputs = { fetchInto: { product: filled(m, n) } }
  await session.runInPlace(feeds, outputs)

  const times: number[] = []
  const end = performance.now() + seconds * 1000
  do {
    const start = performance.now()
    await session.runInPlace(feeds, outputs)
    times.push((performance.now() - start) / 1000)
  } while (performance.now() < end)
  return times.sort((x, y) => x - y)[times.length >> 1]!
}

function filled(rows: number, columns: number): TensorData {
  const data = new Float32Array(rows * columns)
  for (let i = 0; i < data.length; i++) data[i] = ((i * 7919) % 1000) / 1000
  return { type: 'float32', dims: [rows, columns], data }
}
