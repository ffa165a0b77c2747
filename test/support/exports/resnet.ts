/** A model of OpenAI's ResNet kind of CLIP, as its own code exports: attention pooling, and nn.MultiheadAttention. */
import { type ModelDirectory, openModelDirectory } from '../../../main/ml/clip/modelDirectory.js'
import { createTokenizer } from '../../../main/ml/clip/tokenizer/Tokenizer.js'
import { trainTokenizer } from '../../../main/ml/clip/tokenizer/trainTokenizer.js'
import type { Graph } from '../../../main/ml/onnx/graph.js'
import { branchOnSqueeze } from './branchOnSqueeze.js'
import { exportCaptions, takeAt } from './clip.js'
import { ExportBuilder } from './exportBuilder.js'
import { type ExportOptions, writeExport } from './exportedModel.js'

const [imageSize, stem, channels, dim] = [32, 8, 24, 16]
const [contextLength, textWidth, heads, layers] = [16, 32, 4, 2]

/** Writes the model: 32-pixel pictures, texts always of 16 tokens, embeddings of 16 numbers. */
export async function writeResnetExport(
  folder: string,
  options: ExportOptions = {},
): Promise<ModelDirectory> {
  const { opset = 14, seed = 1 } = options
  const tokenizer = trainTokenizer(exportCaptions, { vocabSize: 540, contextLength })
  const { vocabSize } = createTokenizer(tokenizer)
  const model = {
    vision: resnetVision(opset, seed),
    text: openaiText(opset, seed + 1, vocabSize),
    tokenizer,
    config: {
      model_type: 'clip',
      projection_dim: dim,
      text_config: { model_type: 'clip_text_model', max_position_embeddings: contextLength },
      vision_config: { model_type: 'clip_vision_model', image_size: imageSize },
    },
    preprocessing: {
      image_processor_type: 'CLIPImageProcessor',
      ...{ do_resize: true, do_center_crop: true, do_rescale: true, do_normalize: true },
      size: imageSize,
      crop_size: imageSize,
      resample: 3,
      image_mean: [0.48145466, 0.4578275, 0.40821073],
      image_std: [0.26862954, 0.26130258, 0.27577711],
    },
  }
  const { visionPath } = await writeExport(folder, model, options)
  await branchOnSqueeze(visionPath)
  return openModelDirectory(folder)
}

interface ConvShape {
  readonly from: number
  readonly to: number
  readonly kernel: number
  readonly stride?: number
}

function conv(b: ExportBuilder, name: string, x: string, shape: ConvShape): string {
  const { from, to, kernel, stride = 1 } = shape
  const weight = b.weight(
    `${name}.weight`,
    [to, from, kernel, kernel],
    (from * kernel ** 2) ** -0.5,
  )
  const pad = Math.floor(kernel / 2)
  return b.op('Conv', [x, weight, b.weight(`${name}.bias`, [to], 0.05)], {
    ...{ kernel_shape: [kernel, kernel], strides: [stride, stride], group: 1 },
    ...{ pads: [pad, pad, pad, pad], dilations: [1, 1] },
  })
}

function averagePool(b: ExportBuilder, x: string): string {
  const sizes = { kernel_shape: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0] }
  return b.op('AveragePool', [x], { ...sizes, ceil_mode: 0, count_include_pad: 1 })
}

function resnetVision(opset: number, seed: number): Graph {
  const b = new ExportBuilder('resnet_vision', opset, seed)
  let x = b.input('pixel_values', 'float32', ['batch_size', 3, imageSize, imageSize])
  x = b.op('Relu', [conv(b, 'conv1', x, { from: 3, to: stem, kernel: 3, stride: 2 })])
  x = averagePool(b, b.op('Relu', [conv(b, 'conv2', x, { from: stem, to: stem, kernel: 3 })]))
  const thin = b.op('Relu', [conv(b, 'layer1.conv1', x, { from: stem, to: stem, kernel: 1 })])
  const wide = conv(b, 'layer1.conv2', thin, { from: stem, to: stem, kernel: 3 })
  const pooled = averagePool(b, b.op('Relu', [wide]))
  const last = conv(b, 'layer1.conv3', pooled, { from: stem, to: channels, kernel: 1 })
  const down = averagePool(b, x)
  const beside = conv(b, 'layer1.downsample', down, { from: stem, to: channels, kernel: 1 })
  const embeds = attentionPool(b, b.op('Relu', [b.op('Add', [last, beside])]))
  b.output(embeds, 'float32', ['batch_size', dim], 'image_embeds')
  return b.build()
}

/** CLIP's AttentionPool2d: the mean of all places asks, the places and their mean answer. */
function attentionPool(b: ExportBuilder, map: string): string {
  const places = (imageSize / 8) ** 2
  const rows = b.transpose(b.view(map, [b.size(map, 0), channels, -1]), [2, 0, 1])
  const all = b.op('Concat', [b.reduceMean(rows, [0], 1), rows], { axis: 0 })
  const table = b.weight('attnpool.positional_embedding', [places + 1, channels])
  const x = b.op('Add', [all, b.unsqueeze(table, [1])])
  const query = b.op('Slice', [x, b.list([0]), b.list([1]), b.list([0]), b.list([1])])
  const project = (part: string, of: string) =>
    b.linear(`attnpool.${part}_proj`, of, channels, channels)
  const [q, k, v] = [project('q', query), project('k', x), project('v', x)]
  const mixed = multiHead(b, { q, k, v, width: channels })
  const flat = b.view(mixed, [b.op('Mul', [b.int(1), b.size(x, 1)]), channels])
  const out = b.gemm('attnpool.c_proj', flat, channels, dim)
  return b.squeeze(b.view(out, [1, b.size(x, 1), dim]), [0])
}

interface HeadsOptions {
  readonly q: string
  readonly k: string
  readonly v: string
  readonly width: number
  readonly mask?: string
}

/** F.multi_head_attention_forward on [tokens, batch, width], up to its last projection. */
function multiHead(b: ExportBuilder, { q, k, v, width, mask }: HeadsOptions): string {
  const size = width / heads
  const rows = b.op('Mul', [b.size(q, 1), b.int(heads)])
  const apart = (value: string, perm: readonly number[]) =>
    b.transpose(b.view(value, [b.size(value, 0), rows, size]), perm)
  const scaled = b.op('Div', [apart(q, [1, 0, 2]), b.number(Math.sqrt(size))])
  const product = b.op('MatMul', [scaled, apart(k, [1, 2, 0])])
  const scores = mask === undefined ? product : b.op('Add', [mask, product])
  const weights = b.op('Softmax', [scores], { axis: b.opset < 13 ? 2 : -1 })
  return b.transpose(b.op('MatMul', [weights, apart(v, [1, 0, 2])]), [1, 0, 2])
}

function openaiText(opset: number, seed: number, vocabSize: number): Graph {
  const b = new ExportBuilder('openai_text', opset, seed)
  const ids = b.input('input_ids', 'int64', ['batch_size', contextLength])
  const table = b.weight('token_embedding.weight', [vocabSize, textWidth], 0.5)
  const places = b.weight('positional_embedding', [contextLength, textWidth])
  const embedded = b.op('Add', [b.op('Gather', [table, ids]), places])
  let x = b.transpose(embedded, [1, 0, 2])
  for (let i = 0; i < layers; i++) x = residualBlock(b, `resblocks.${i}`, x)
  const normed = b.layerNorm('ln_final', b.transpose(x, [1, 0, 2]), textWidth)
  const at = b.op('ArgMax', [ids], { axis: 1, keepdims: 0 })
  const projection = b.weight('text_projection', [textWidth, dim], textWidth ** -0.5)
  const embeds = b.op('MatMul', [takeAt(b, normed, at), projection])
  b.output(embeds, 'float32', ['batch_size', dim], 'text_embeds')
  return b.build()
}

function residualBlock(b: ExportBuilder, name: string, x: string): string {
  const normed = b.layerNorm(`${name}.ln_1`, x, textWidth)
  const all = b.linear(`${name}.attn.in_proj`, normed, textWidth, 3 * textWidth)
  // `chunk` counts the width of a part while the graph runs.
  const part = b.op('Div', [b.op('Add', [b.size(all, 2), b.int(2)]), b.int(3)])
  const [q, k, v] = [0, 1, 2].map((i) => {
    const bound = (at: number) => b.unsqueeze(b.op('Mul', [part, b.int(at)]), [0])
    return b.op('Slice', [all, bound(i), bound(i + 1), b.list([2])])
  }) as [string, string, string]
  const mask = causalMask(b)
  const mixed = multiHead(b, { q, k, v, width: textWidth, mask })
  const flat = b.view(mixed, [b.op('Mul', [b.size(x, 0), b.size(x, 1)]), textWidth])
  const out = b.gemm(`${name}.attn.out_proj`, flat, textWidth, textWidth)
  const attended = b.op('Add', [x, b.view(out, [b.size(x, 0), b.size(x, 1), textWidth])])
  const again = b.layerNorm(`${name}.ln_2`, attended, textWidth)
  const hidden = b.quickGelu(b.linear(`${name}.mlp.c_fc`, again, textWidth, 2 * textWidth))
  return b.op('Add', [attended, b.linear(`${name}.mlp.c_proj`, hidden, 2 * textWidth, textWidth)])
}

/** A stored mask: minus infinity above the diagonal. */
function causalMask(b: ExportBuilder): string {
  const data = Float32Array.from({ length: contextLength ** 2 }, (_, i) =>
    i % contextLength > Math.floor(i / contextLength) ? Number.NEGATIVE_INFINITY : 0,
  )
  return b.constant({ type: 'float32', dims: [1, contextLength, contextLength], data })
}
