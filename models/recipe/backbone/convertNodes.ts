/** Rewrites TensorFlow nodes (NHWC) as ONNX ones (NCHW), one table entry for each operator. */
import type { GraphBuilder } from '../../../main/ml/onnx/graphBuilder.js'
import { AppError } from '../../../shared/errors.js'
import { toConvWeight, toDepthwiseWeight } from './convWeights.js'
import type { TfjsModel, TfNode, TfWeight } from './readTfjsModel.js'

/** What a rule sees: the builder, the node's inputs as ONNX values, and constants by position. */
interface Conversion {
  readonly builder: GraphBuilder
  readonly node: TfNode
  /** ONNX value of the input at `position`. */
  value(position: number): string
  /** Constant at `position`. */
  constant(position: number): TfWeight
}

type Rule = (c: Conversion) => string

const rules: Readonly<Record<string, Rule>> = {
  Conv2D: (c) => convolution(c, false),
  _FusedConv2D: (c) => convolution(c, false),
  DepthwiseConv2dNative: (c) => convolution(c, true),
  FusedDepthwiseConv2dNative: (c) => convolution(c, true),
  Add: (c) => c.builder.op('Add', [c.value(0), c.value(1)]),
  Mul: (c) => c.builder.op('Mul', [c.value(0), c.value(1)]),
  Relu: (c) => c.builder.op('Relu', [c.value(0)]),
  Relu6: (c) => c.builder.op('Clip', [c.value(0), c.builder.scalar(0), c.builder.scalar(6)]),
  Sigmoid: (c) => c.builder.op('Sigmoid', [c.value(0)]),
  Identity: (c) => c.value(0),
  // Always over the two spatial axes, which stand last in NCHW.
  Mean: (c) => c.builder.op('ReduceMean', [c.value(0), c.builder.ints([2, 3])], { keepdims: 1 }),
  ConcatV2: (c) => c.builder.op('Concat', [c.value(0), c.value(1)], { axis: 1 }),
  // The sizes in the file are those of a 512-pixel input; all of them double the map.
  ResizeBilinear: (c) =>
    c.builder.op('Resize', [c.value(0), '', doubling(c)], {
      mode: 'linear',
      coordinate_transformation_mode: 'asymmetric',
    }),
}

export interface ConvertOptions {
  /**
   * Writes hard-swish as one operator, which is quicker. It then divides by 6 exactly, where the
   * file has a sixth rounded to float16: values differ by up to 0.3 %, of no consequence to what
   * is trained on them, but visible in a comparison with the original.
   */
  readonly fuseHardSwish: boolean
}

/**
 * Converts what `wanted` needs, starting from `image` (`[batch, 3, height, width]`, 0 to 255) in
 * place of the model's placeholder.
 *
 * @returns the ONNX value of each wanted node, in order
 * @throws AppError OP_UNSUPPORTED for an operator without a rule
 */
export function convertNodes(
  model: TfjsModel,
  builder: GraphBuilder,
  image: string,
  wanted: readonly string[],
  options: ConvertOptions = { fuseHardSwish: true },
): string[] {
  const values = new Map<string, string>()
  const convert = (name: string): string => {
    const known = values.get(name)
    if (known !== undefined) return known
    const value = convertOne(name)
    values.set(name, value)
    return value
  }
  const convertOne = (name: string): string => {
    const weight = model.weights.get(name)
    if (weight !== undefined) return scalarConstant(builder, name, weight)
    const node = model.nodes.get(name)
    if (node === undefined) throw new Error(`the model has no node ${name}`)
    if (node.op === 'Placeholder') return image
    const swish = options.fuseHardSwish ? hardSwishInput(model, node) : null
    if (swish !== null) return builder.op('HardSwish', [convert(swish)])
    const rule = rules[node.op]
    if (rule === undefined) {
      throw new AppError('OP_UNSUPPORTED', {
        opType: node.op,
        opset: 0,
        where: 'The backbone converter',
      })
    }
    return rule({
      builder,
      node,
      value: (position) => convert(node.input[position]!),
      constant: (position) => model.weights.get(node.input[position]!)!,
    })
  }
  return wanted.map(convert)
}

/** `x` where `node` is the product (x / 6) * relu6(x + 3), which ONNX has as one operator. */
function hardSwishInput(model: TfjsModel, node: TfNode): string | null {
  if (node.op !== 'Mul' || !node.name.endsWith('/hard_swish/mul_1')) return null
  const [scaled, gate] = node.input.map((name) => model.nodes.get(name))
  const shifted = gate?.op === 'Relu6' ? model.nodes.get(gate.input[0]!) : undefined
  if (scaled?.op !== 'Mul' || shifted?.op !== 'Add') return null
  return scaled.input.find((name) => shifted.input.includes(name)) ?? null
}

function convolution(c: Conversion, depthwise: boolean): string {
  const { node, builder } = c
  const weight = c.constant(1)
  const channels = weight.dims[2]!
  const kernel = builder.initializer(
    `${node.name}/weight`,
    depthwise ? toDepthwiseWeight(weight) : toConvWeight(weight),
  )
  const fused = (node.attr['fused_ops']?.list?.s ?? []).map(decodeText)
  const bias = fused.includes('BiasAdd')
    ? [builder.initializer(`${node.name}/bias`, { type: 'float32', ...c.constant(2) })]
    : []
  const output = builder.op('Conv', [c.value(0), kernel, ...bias], {
    strides: node.attr['strides']!.list!.i!.slice(1, 3).map(Number),
    auto_pad: decodeText(node.attr['padding']!.s!) === 'SAME' ? 'SAME_UPPER' : 'VALID',
    group: depthwise ? channels : 1,
  })
  return fused.includes('Relu') ? builder.op('Relu', [output]) : output
}

function scalarConstant(builder: GraphBuilder, name: string, weight: TfWeight): string {
  if (weight.data.length !== 1) throw new Error(`${name} is not a scalar`)
  return builder.scalar(weight.data[0]!)
}

function doubling({ builder, node }: Conversion): string {
  return builder.initializer(`${node.name}/scales`, {
    type: 'float32',
    dims: [4],
    data: Float32Array.of(1, 1, 2, 2),
  })
}

function decodeText(base64: string): string {
  return Buffer.from(base64, 'base64').toString()
}
