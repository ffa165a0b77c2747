/** Writes graphs in the idioms of torch.onnx: shapes read while running, constants as nodes, norms spelled out. */
import type { Graph, TensorData } from '../../../main/ml/onnx/graph.js'
import { float, GraphBuilder } from '../../../main/ml/onnx/graphBuilder.js'
import { uniform } from '../random.js'

/** A size known beforehand, or the name of a scalar that holds it. */
export type Size = number | string

export class ExportBuilder extends GraphBuilder {
  readonly opset: number
  private readonly random: () => number

  constructor(name: string, opset: number, seed: number) {
    super(name)
    this.opset = opset
    this.random = uniform(seed)
  }

  override build(): Graph {
    return { ...super.build(), opset: this.opset }
  }

  /** A weight with values evenly spread around `centre`; std is their deviation. */
  weight(name: string, dims: readonly number[], std = 0.2, centre = 0): string {
    const length = dims.reduce((a, b) => a * b, 1)
    const value = () => centre + (2 * this.random() - 1) * Math.sqrt(3) * std
    return this.initializer(name, {
      type: 'float32',
      dims,
      data: Float32Array.from({ length }, value),
    })
  }

  constant(value: TensorData): string {
    return this.op('Constant', [], { value })
  }

  int(value: number): string {
    return this.constant({ type: 'int64', dims: [], data: BigInt64Array.of(BigInt(value)) })
  }

  list(values: readonly number[]): string {
    const data = BigInt64Array.from(values.map(BigInt))
    return this.constant({ type: 'int64', dims: [values.length], data })
  }

  number(value: number): string {
    return this.constant({ type: 'float32', dims: [], data: Float32Array.of(value) })
  }

  /** `x.size(axis)`. */
  size(x: string, axis: number): string {
    return this.op('Gather', [this.op('Shape', [x]), this.int(axis)], { axis: 0 })
  }

  unsqueeze(x: string, axes: readonly number[]): string {
    if (this.opset < 13) return this.op('Unsqueeze', [x], { axes })
    return this.op('Unsqueeze', [x, this.list(axes)])
  }

  squeeze(x: string, axes: readonly number[]): string {
    if (this.opset < 13) return this.op('Squeeze', [x], { axes })
    return this.op('Squeeze', [x, this.list(axes)])
  }

  /** A shape put together while the graph runs. */
  shape(sizes: readonly Size[]): string {
    if (sizes.every((size) => typeof size === 'number')) return this.list(sizes)
    const parts = sizes.map((size) =>
      typeof size === 'number' ? this.list([size]) : this.unsqueeze(size, [0]),
    )
    return this.op('Concat', parts, { axis: 0 })
  }

  view(x: string, sizes: readonly Size[]): string {
    return this.op('Reshape', [x, this.shape(sizes)])
  }

  transpose(x: string, perm: readonly number[]): string {
    return this.op('Transpose', [x], { perm })
  }

  /** `x.expand(sizes)`: a -1, which means "as it is", is looked for while the graph runs. */
  expand(x: string, sizes: readonly Size[]): string {
    const wanted = this.shape(sizes)
    const ones = this.op('ConstantOfShape', [this.op('Shape', [wanted])], {
      value: { type: 'int64', dims: [1], data: BigInt64Array.of(1n) },
    })
    const minus = this.op('Mul', [ones, this.int(-1)])
    const target = this.op('Where', [this.op('Equal', [wanted, minus]), ones, wanted])
    return this.op('Expand', [x, target])
  }

  reduceMean(x: string, axes: readonly number[], keepdims: 0 | 1): string {
    if (this.opset < 18) return this.op('ReduceMean', [x], { axes, keepdims })
    return this.op('ReduceMean', [x, this.list(axes)], { keepdims })
  }

  /** x [.., from] times a stored weight, with a bias added. */
  linear(name: string, x: string, from: number, to: number, bias = true): string {
    const product = this.op('MatMul', [x, this.weight(`${name}.weight`, [from, to], from ** -0.5)])
    return bias ? this.op('Add', [this.weight(`${name}.bias`, [to], 0.05), product]) : product
  }

  /** x [rows, from] times a weight stored the other way round. */
  gemm(name: string, x: string, from: number, to: number): string {
    const weight = this.weight(`${name}.weight`, [to, from], from ** -0.5)
    const bias = this.weight(`${name}.bias`, [to], 0.05)
    return this.op('Gemm', [x, weight, bias], { alpha: float(1), beta: float(1), transB: 1 })
  }

  layerNorm(name: string, x: string, width: number, epsilon = 1e-5): string {
    const scale = this.weight(`${name}.weight`, [width], 0.1, 1)
    const bias = this.weight(`${name}.bias`, [width], 0.1)
    if (this.opset >= 17) {
      const attributes = { axis: -1, epsilon: float(epsilon) }
      return this.op('LayerNormalization', [x, scale, bias], attributes)
    }
    const centred = this.op('Sub', [x, this.reduceMean(x, [-1], 1)])
    const variance = this.reduceMean(this.op('Pow', [centred, this.number(2)]), [-1], 1)
    const root = this.op('Sqrt', [this.op('Add', [variance, this.number(epsilon)])])
    const scaled = this.op('Mul', [this.op('Div', [centred, root]), scale])
    return this.op('Add', [scaled, bias])
  }

  quickGelu(x: string): string {
    const scaled = this.op('Mul', [x, this.number(1.702)])
    return this.op('Mul', [x, this.op('Sigmoid', [scaled])])
  }

  gelu(x: string): string {
    if (this.opset >= 20) return this.op('Gelu', [x])
    const erf = this.op('Erf', [this.op('Div', [x, this.number(Math.SQRT2)])])
    const doubled = this.op('Mul', [x, this.op('Add', [erf, this.number(1)])])
    return this.op('Mul', [doubled, this.number(0.5)])
  }

  geluTanh(x: string): string {
    const cubic = this.op('Mul', [this.op('Pow', [x, this.number(3)]), this.number(0.044715)])
    const inner = this.op('Mul', [this.op('Add', [x, cubic]), this.number(Math.sqrt(2 / Math.PI))])
    const gate = this.op('Add', [this.op('Tanh', [inner]), this.number(1)])
    return this.op('Mul', [this.op('Mul', [x, this.number(0.5)]), gate])
  }
}
