/** Linear layers, norms and activations on flat activations [rows, width]. */
import { float } from '../../onnx/graphBuilder.js'
import type { BlockStyle } from '../architecture.js'
import type { TowerBuilder } from './towerBuilder.js'

export interface LinearOptions {
  readonly std?: number
  readonly bias?: boolean
}

/**
 * x [rows, from] times a weight [from, to], plus a bias where asked for.
 *
 * One Gemm on two dimensions: its gradients then need neither broadcasting nor flattening.
 */
export function linear(
  b: TowerBuilder,
  name: string,
  x: string,
  from: number,
  to: number,
  { std = from ** -0.5, bias = false }: LinearOptions = {},
): string {
  const weight = b.normalWeight(`${name}.weight`, [from, to], std)
  if (!bias) return b.op('MatMul', [x, weight])
  return b.op('Gemm', [x, weight, b.vector(`${name}.bias`, to, 0)])
}

/** Layer normalisation over the last axis. */
export function layerNorm(b: TowerBuilder, name: string, x: string, width: number): string {
  const scale = b.vector(`${name}.scale`, width, 1)
  const bias = b.vector(`${name}.bias`, width, 0)
  return b.op('LayerNormalization', [x, scale, bias], { axis: -1, epsilon: float(1e-5) })
}

/** The MLP's nonlinearity. */
export function activate(b: TowerBuilder, kind: BlockStyle['activation'], x: string): string {
  if (kind === 'relu') return b.op('Relu', [x])
  if (kind === 'gelu') return b.op('Gelu', [x])
  return b.op('Mul', [x, b.op('Sigmoid', [b.op('Mul', [x, b.scalar(1.702)])])])
}

/** Linear, activation, linear: the projection head SimCLR introduced, also a block's MLP. */
export function mlp(
  b: TowerBuilder,
  name: string,
  x: string,
  shape: { readonly from: number; readonly hidden: number; readonly to: number },
  style: BlockStyle,
  outputStd = shape.hidden ** -0.5,
): string {
  const hidden = linear(b, `${name}.in`, x, shape.from, shape.hidden, {
    // CLIP's (2 width)^-0.5 keeps the activations' variance through the two layers.
    std: (2 * shape.from) ** -0.5,
    bias: style.linearBias,
  })
  return linear(b, `${name}.out`, activate(b, style.activation, hidden), shape.hidden, shape.to, {
    std: outputStd,
    bias: style.linearBias,
  })
}
