/** Pre-norm transformer blocks over a flat stream of tokens, [batch * tokens, width]. */
import { float } from '../../onnx/graphBuilder.js'
import type { BlockStyle, StageArchitecture } from '../architecture.js'
import { layerNorm, linear, mlp } from './layers.js'
import type { TowerBuilder } from './towerBuilder.js'

/**
 * How the flat stream splits into sequences. Shapes are names of 1-D int64 values, so that static
 * and dynamic towers share the blocks.
 */
export interface TokenLayout {
  /** Shape [batch, tokens, heads, width / heads] for a given stage. */
  readonly headsShape: (stage: StageArchitecture) => string
  /** Added to attention scores [batch, heads, tokens, tokens]; undefined for none. */
  readonly scoreBias?: string
  /**
   * Takes the pooled token of each sequence: [batch * tokens, width] -> [batch, width].
   * Where it is given, the last block computes nothing else: keys and values need every token,
   * queries and the MLP only this one.
   */
  readonly pool?: (x: string, width: number) => string
  /** The bias for the pooled token's scores [batch, heads, 1, tokens]. */
  readonly pooledScoreBias?: string
}

interface BlockContext {
  readonly b: TowerBuilder
  readonly stage: StageArchitecture
  readonly style: BlockStyle
  readonly layout: TokenLayout
  /** Std of the weights that write to the residual stream: (2 layers)^-0.5 keeps its variance. */
  readonly residualScale: number
}

/** `stage.layers` blocks named `<name>.0`, `<name>.1`, ... on x [batch * tokens, width]. */
export function transformer(
  b: TowerBuilder,
  name: string,
  x: string,
  stage: StageArchitecture,
  style: BlockStyle,
  layout: TokenLayout,
): string {
  const residualScale = (2 * Math.max(1, stage.layers)) ** -0.5
  const context = { b, stage, style, layout, residualScale }
  let stream = x
  for (let i = 0; i < stage.layers; i++) {
    const pooled = layout.pool !== undefined && i === stage.layers - 1
    stream = block(context, `${name}.${i}`, stream, pooled)
  }
  if (stage.layers === 0 && layout.pool) return layout.pool(x, stage.width)
  return stream
}

function block(context: BlockContext, name: string, x: string, pooled: boolean): string {
  const { b, stage, style, residualScale } = context
  const { width } = stage
  const normed = layerNorm(b, `${name}.norm1`, x, width)
  const attended = attention(context, `${name}.attention`, normed, pooled)
  const residual = pooled ? context.layout.pool!(x, width) : x
  const middle = b.op('Add', [residual, attended])
  const hidden = Math.round(width * stage.mlpRatio)
  const shape = { from: width, hidden, to: width }
  const normed2 = layerNorm(b, `${name}.norm2`, middle, width)
  const outputStd = width ** -0.5 * residualScale
  return b.op('Add', [middle, mlp(b, `${name}.mlp`, normed2, shape, style, outputStd)])
}

/** Multi-head attention; with `pooled`, of one query per sequence. */
function attention(context: BlockContext, name: string, x: string, pooled: boolean): string {
  const { b, stage, style, layout, residualScale } = context
  const { width, heads } = stage
  const headWidth = width / heads
  const source = pooled ? layout.pool!(x, width) : x
  const queryShape = pooled ? b.ints([-1, 1, heads, headWidth]) : layout.headsShape(stage)
  const project = (role: string, from: string, shape: string, bias: boolean) =>
    splitHeads(b, linear(b, `${name}.${role}`, from, width, width, { bias }), shape)
  const query = project('query', source, queryShape, style.linearBias)
  // A bias on the keys shifts all scores of a query alike, which softmax ignores: none.
  const key = project('key', x, layout.headsShape(stage), false)
  const value = project('value', x, layout.headsShape(stage), style.linearBias)
  const bias = pooled ? layout.pooledScoreBias : layout.scoreBias
  const context4d = attend(b, { query, key, value }, headWidth, bias)
  const joined = b.op('Transpose', [context4d], { perm: [0, 2, 1, 3] })
  const flat = b.op('Reshape', [joined, b.ints([-1, width])])
  const std = width ** -0.5 * residualScale
  return linear(b, `${name}.output`, flat, width, width, { std, bias: style.linearBias })
}

/** [batch * tokens, width] -> [batch, heads, tokens, width / heads]. */
function splitHeads(b: TowerBuilder, x: string, shape: string): string {
  return b.op('Transpose', [b.op('Reshape', [x, shape])], { perm: [0, 2, 1, 3] })
}

/** softmax(query key' / sqrt(headWidth) + bias) value, each [batch, heads, tokens, headWidth]. */
function attend(
  b: TowerBuilder,
  { query, key, value }: { readonly query: string; readonly key: string; readonly value: string },
  headWidth: number,
  bias: string | undefined,
): string {
  // One fused product does the transpose and the scaling, which would each be a pass over memory.
  const scores = b.op(
    'FusedMatMul',
    [query, key],
    { transB: 1, alpha: float(headWidth ** -0.5) },
    'com.microsoft',
  )
  const biased = bias === undefined ? scores : b.op('Add', [scores, bias])
  return b.op('MatMul', [b.op('Softmax', [biased], { axis: -1 }), value])
}
