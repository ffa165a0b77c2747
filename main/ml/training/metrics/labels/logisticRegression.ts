/** Multinomial logistic regression with an L2 penalty, its products computed by onnxruntime. */
import { GraphBuilder } from '../../../onnx/graphBuilder.js'
import { writeModel } from '../../../onnx/writeModel.js'
import { openSession } from '../../../runtime/openSession.js'
import type { Session } from '../../../runtime/session.js'
import type { EmbeddingMatrix } from '../ranks.js'
import { minimise } from './minimise.js'

/** What is fitted: logits are `features · weights + bias`. */
export interface LinearClassifier {
  /** `[dim, classes]` */
  readonly weights: Float64Array
  readonly bias: Float64Array
}

export interface RegressionFitter {
  /**
   * Minimises the mean cross-entropy plus l2 / 2 · |weights|²; the bias is not penalised.
   *
   * @param start a classifier to begin from
   */
  fit(l2: number, start?: LinearClassifier, signal?: AbortSignal): Promise<LinearClassifier>
  dispose(): Promise<void>
}

/** @param classes per row of `features` its class, 0 .. classCount - 1 */
export async function openRegression(
  features: EmbeddingMatrix,
  classes: Int32Array,
  classCount: number,
): Promise<RegressionFitter> {
  const { rows, dim } = features
  const session = await openLossSession()
  const targets = new Float32Array(rows * classCount)
  for (const [row, own] of classes.entries()) targets[row * classCount + own] = 1
  const weightCount = dim * classCount
  const feeds = {
    features: { type: 'float32', dims: [rows, dim], data: features.data },
    targets: { type: 'float32', dims: [rows, classCount], data: targets },
  } as const

  async function evaluate(point: Float64Array, l2: number) {
    const { loss, dWeights, dBias } = await session.run({
      ...feeds,
      weights: {
        type: 'float32',
        dims: [dim, classCount],
        data: Float32Array.from(point.subarray(0, weightCount)),
      },
      bias: {
        type: 'float32',
        dims: [classCount],
        data: Float32Array.from(point.subarray(weightCount)),
      },
    })
    const gradient = new Float64Array(point.length)
    gradient.set(dWeights!.data as Float32Array)
    gradient.set(dBias!.data as Float32Array, weightCount)
    let squares = 0
    for (let i = 0; i < weightCount; i++) {
      squares += point[i]! ** 2
      gradient[i]! += l2 * point[i]!
    }
    return { value: (loss!.data as Float32Array)[0]! + (l2 / 2) * squares, gradient }
  }

  return {
    async fit(l2, start, signal) {
      const from = new Float64Array(weightCount + classCount)
      if (start) {
        from.set(start.weights)
        from.set(start.bias, weightCount)
      }
      const point = await minimise((at) => evaluate(at, l2), from, signal)
      return { weights: point.slice(0, weightCount), bias: point.slice(weightCount) }
    },
    dispose: () => session.dispose(),
  }
}

/** Logits of one row. */
export function classScores(
  { weights, bias }: LinearClassifier,
  { dim, data }: EmbeddingMatrix,
  row: number,
): Float64Array {
  const scores = bias.slice()
  for (let i = 0; i < dim; i++) {
    const value = data[row * dim + i]!
    for (let k = 0; k < scores.length; k++) scores[k]! += value * weights[i * scores.length + k]!
  }
  return scores
}

/** loss = -mean Σ t log p; with d = (p - t) / rows, dWeights = featuresᵀ d and dBias = Σ d. */
function openLossSession(): Promise<Session> {
  const b = new GraphBuilder('logistic regression')
  const features = b.input('features', 'float32', ['rows', 'dim'])
  const targets = b.input('targets', 'float32', ['rows', 'classes'])
  const weights = b.input('weights', 'float32', ['dim', 'classes'])
  const bias = b.input('bias', 'float32', ['classes'])
  const logits = b.op('Add', [b.op('MatMul', [features, weights]), bias])
  const logP = b.op('LogSoftmax', [logits], { axis: -1 })
  const hits = b.op('ReduceSum', [b.op('Mul', [targets, logP]), b.ints([1])], { keepdims: 0 })
  const loss = b.op('Neg', [b.op('ReduceMean', [hits, b.ints([0])], { keepdims: 0 })])
  const rows = b.op('Cast', [b.op('Size', [hits])], { to: 1 })
  const d = b.op('Div', [b.op('Sub', [b.op('Exp', [logP]), targets]), rows])
  const dWeights = b.op('FusedMatMul', [features, d], { transA: 1 }, 'com.microsoft')
  const dBias = b.op('ReduceSum', [d, b.ints([0])], { keepdims: 0 })
  b.output(loss, 'float32', [], 'loss')
  b.output(dWeights, 'float32', ['dim', 'classes'], 'dWeights')
  b.output(dBias, 'float32', ['classes'], 'dBias')
  return openSession(writeModel(b.build()), { device: 'cpu', threads: 0, spinning: false })
}
