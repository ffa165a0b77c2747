/** A model of MobileCLIP's kind: a convolutional picture encoder, texts without a mask. */
import type { ModelDirectory } from '../../../main/ml/clip/modelDirectory.js'
import { createTokenizer } from '../../../main/ml/clip/tokenizer/Tokenizer.js'
import { trainTokenizer } from '../../../main/ml/clip/tokenizer/trainTokenizer.js'
import type { Graph } from '../../../main/ml/onnx/graph.js'
import { float } from '../../../main/ml/onnx/graphBuilder.js'
import { exportCaptions, takeAt } from './clip.js'
import { ExportBuilder } from './exportBuilder.js'
import { type ExportOptions, writeExport } from './exportedModel.js'
import { block } from './transformer.js'

const [imageSize, channels, dim] = [64, 16, 16]
const [contextLength, width, heads] = [16, 24, 4]

/** Writes the model: 64-pixel pictures, texts always of 16 tokens, embeddings of 16 numbers, unit rows. */
export function writeMobileclipExport(
  folder: string,
  options: ExportOptions = {},
): Promise<ModelDirectory> {
  const { opset = 14, seed = 1 } = options
  const files = trainTokenizer(exportCaptions, { vocabSize: 540, contextLength })
  const { vocabSize } = createTokenizer(files)
  const model = {
    vision: mobileVision(opset, seed),
    text: mobileText(opset, seed + 1, vocabSize),
    // Padded with the first token, as OpenAI's own code did.
    tokenizer: { ...files, tokenizerConfig: { ...files.tokenizerConfig, pad_token: '!' } },
    config: {
      model_type: 'clip',
      projection_dim: dim,
      text_config: { model_type: 'clip_text_model', max_position_embeddings: contextLength },
      vision_config: { model_type: 'clip_vision_model', image_size: imageSize },
    },
    preprocessing: {
      image_processor_type: 'CLIPImageProcessor',
      ...{ do_resize: true, do_center_crop: true, do_rescale: true, do_normalize: false },
      size: { shortest_edge: imageSize },
      crop_size: { height: imageSize, width: imageSize },
      resample: 2,
    },
  }
  return writeExport(folder, model, options)
}

interface ConvOptions {
  readonly from: number
  readonly to: number
  readonly kernel: number
  readonly stride?: number
  readonly group?: number
  readonly bias?: boolean
}

function conv(b: ExportBuilder, name: string, x: string, options: ConvOptions): string {
  const { from, to, kernel, stride = 1, group = 1, bias = true } = options
  const inner = from / group
  const weight = b.weight(
    `${name}.weight`,
    [to, inner, kernel, kernel],
    (inner * kernel ** 2) ** -0.5,
  )
  const pad = Math.floor(kernel / 2)
  const inputs = bias ? [x, weight, b.weight(`${name}.bias`, [to], 0.05)] : [x, weight]
  return b.op('Conv', inputs, {
    ...{ kernel_shape: [kernel, kernel], strides: [stride, stride], group },
    ...{ pads: [pad, pad, pad, pad], dilations: [1, 1] },
  })
}

/** Batch normalisation with its statistics fixed. */
function batchNorm(b: ExportBuilder, name: string, x: string, size: number): string {
  const inputs = [
    b.weight(`${name}.weight`, [size], 0.1, 1),
    b.weight(`${name}.bias`, [size], 0.1),
    b.weight(`${name}.running_mean`, [size], 0.1),
    b.weight(`${name}.running_var`, [size], 0.1, 1),
  ]
  const attributes = { epsilon: float(1e-5), momentum: float(0.9) }
  const mode = b.opset < 14 ? {} : { training_mode: 0 }
  return b.op('BatchNormalization', [x, ...inputs], { ...attributes, ...mode })
}

/** Squeeze-and-excite: channels weighted by what the whole picture shows. */
function squeezeExcite(b: ExportBuilder, name: string, x: string, size: number): string {
  const mean = b.op('GlobalAveragePool', [x])
  const thin = conv(b, `${name}.reduce`, mean, { from: size, to: size / 4, kernel: 1 })
  const wide = conv(b, `${name}.expand`, b.op('Relu', [thin]), {
    from: size / 4,
    to: size,
    kernel: 1,
  })
  const gate = b.view(b.op('Sigmoid', [wide]), [-1, size, 1, 1])
  return b.op('Mul', [x, gate])
}

function perceptron(b: ExportBuilder, name: string, x: string, size: number): string {
  const mixed = conv(b, `${name}.conv`, x, {
    from: size,
    to: size,
    kernel: 7,
    group: size,
    bias: false,
  })
  const normed = batchNorm(b, `${name}.bn`, mixed, size)
  const hidden = b.gelu(conv(b, `${name}.fc1`, normed, { from: size, to: 2 * size, kernel: 1 }))
  return conv(b, `${name}.fc2`, hidden, { from: 2 * size, to: size, kernel: 1 })
}

/** x + scale * change, with a scale for each channel. */
function scaledSum(
  b: ExportBuilder,
  name: string,
  x: string,
  change: string,
  size: number,
): string {
  return b.op('Add', [x, b.op('Mul', [b.weight(name, [size, 1, 1], 0.1, 0.5), change])])
}

/** Attention over the places of [batch, size, height, width], its queries, keys and values from one weight. */
function attention(b: ExportBuilder, name: string, x: string, size: number): string {
  const shape = b.op('Shape', [x])
  const [batch, height, across] = [b.size(x, 0), b.size(x, 2), b.size(x, 3)]
  const places = b.op('Mul', [height, across])
  const rows = b.transpose(b.view(x, [batch, size, -1]), [0, 2, 1])
  const qkv = b.linear(`${name}.qkv`, rows, size, 3 * size, false)
  const apart = b.transpose(b.view(qkv, [batch, places, 3, heads, size / heads]), [2, 0, 3, 1, 4])
  const parts =
    b.opset < 13
      ? b.multi('Split', [apart], 3, { axis: 0, split: [1, 1, 1] })
      : b.multi('Split', [apart, b.list([1, 1, 1])], 3, { axis: 0 })
  const [q, k, v] = parts.map((part) => b.squeeze(part, [0])) as [string, string, string]
  const scaled = b.op('Mul', [q, b.number((size / heads) ** -0.5)])
  const scores = b.op('MatMul', [scaled, b.transpose(k, [0, 1, 3, 2])])
  const weights = b.op('Softmax', [scores], { axis: b.opset < 13 ? 3 : -1 })
  const joined = b.transpose(b.op('MatMul', [weights, v]), [0, 2, 1, 3])
  const out = b.linear(`${name}.proj`, b.view(joined, [batch, places, size]), size, size)
  return b.op('Reshape', [b.transpose(out, [0, 2, 1]), shape])
}

/** `F.normalize(x, dim=-1)`. */
function unitRows(b: ExportBuilder, x: string): string {
  const attributes = { keepdims: 1 }
  const norm =
    b.opset < 18
      ? b.op('ReduceL2', [x], { ...attributes, axes: [-1] })
      : b.op('ReduceL2', [x, b.list([-1])], attributes)
  const floor = b.op('Clip', [norm, b.number(1e-12)])
  return b.op('Div', [x, b.op('Expand', [floor, b.op('Shape', [x])])])
}

function mobileVision(opset: number, seed: number): Graph {
  const b = new ExportBuilder('mobileclip_vision', opset, seed)
  const [c, wide] = [channels, 2 * channels]
  let x = b.input('pixel_values', 'float32', ['batch_size', 3, imageSize, imageSize])
  x = b.gelu(conv(b, 'stem.0', x, { from: 3, to: c, kernel: 3, stride: 2 }))
  x = b.gelu(conv(b, 'stem.1', x, { from: c, to: c, kernel: 3, stride: 2, group: c }))
  x = b.gelu(conv(b, 'stem.2', x, { from: c, to: c, kernel: 1 }))
  x = conv(b, 'stage1.token_mixer', x, { from: c, to: c, kernel: 3, group: c })
  x = scaledSum(b, 'stage1.layer_scale', x, perceptron(b, 'stage1.ffn', x, c), c)
  x = b.gelu(conv(b, 'down.0', x, { from: c, to: wide, kernel: 7, stride: 2, group: c }))
  x = b.gelu(conv(b, 'down.1', x, { from: wide, to: wide, kernel: 1 }))
  x = b.op('Add', [conv(b, 'cpe', x, { from: wide, to: wide, kernel: 7, group: wide }), x])
  const mixed = attention(b, 'stage2.token_mixer', batchNorm(b, 'stage2.norm', x, wide), wide)
  x = scaledSum(b, 'stage2.layer_scale_1', x, mixed, wide)
  x = scaledSum(b, 'stage2.layer_scale_2', x, perceptron(b, 'stage2.ffn', x, wide), wide)
  x = conv(b, 'conv_exp', x, { from: wide, to: 2 * wide, kernel: 3, group: wide })
  x = b.gelu(squeezeExcite(b, 'conv_exp.se', x, 2 * wide))
  const pooled = b.reduceMean(x, [-2, -1], 0)
  const embeds = unitRows(b, b.linear('head.proj', pooled, 2 * wide, dim, false))
  b.output(embeds, 'float32', ['batch_size', dim], 'image_embeds')
  return b.build()
}

function mobileText(opset: number, seed: number, vocabSize: number): Graph {
  const b = new ExportBuilder('mobileclip_text', opset, seed)
  const ids = b.input('input_ids', 'int64', ['batch_size', 'sequence_length'])
  const table = b.weight('embedding_layer.weight', [vocabSize, width], 0.5)
  const places = b.weight('positional_embedding', [1, 1, contextLength, width])
  const flat = b.op('Reshape', [places, b.list([1, contextLength, -1])])
  const used = b.op('Slice', [
    ...[flat, b.list([0]), b.unsqueeze(b.size(ids, 1), [0])],
    ...[b.list([1]), b.list([1])],
  ])
  let x = b.op('Add', [b.op('Gather', [table, ids]), used])
  const kernel = b.weight('token_mixer.weight', [width, 1, 1, 11], 0.2)
  const columns = b.unsqueeze(b.transpose(x, [0, 2, 1]), [2])
  const mixed = b.op('Conv', [columns, kernel], {
    ...{ kernel_shape: [1, 11], pads: [0, 5, 0, 5], group: width },
  })
  x = b.op('Add', [x, b.transpose(b.squeeze(mixed, [2]), [0, 2, 1])])
  const options = { width, heads, activation: 'gelu', epsilon: 1e-5, masks: [] } as const
  x = block(b, 'transformer.0', x, options)
  const normed = b.layerNorm('final_layer_norm', x, width)
  const at = b.op('ArgMax', [ids], { axis: -1, keepdims: 0 })
  const embeds = unitRows(b, b.linear('projection_layer', takeAt(b, normed, at), width, dim, false))
  b.output(embeds, 'float32', ['batch_size', dim], 'text_embeds')
  return b.build()
}
