/** A model of CLIP's kind, as Hugging Face's CLIPTextModelWithProjection and its sibling export. */
import type { ModelDirectory } from '../../../main/ml/clip/modelDirectory.js'
import { createTokenizer } from '../../../main/ml/clip/tokenizer/Tokenizer.js'
import { trainTokenizer } from '../../../main/ml/clip/tokenizer/trainTokenizer.js'
import type { Graph } from '../../../main/ml/onnx/graph.js'
import { ExportBuilder } from './exportBuilder.js'
import { type ExportOptions, writeExport } from './exportedModel.js'
import { block } from './transformer.js'

export const exportCaptions = ['a red circle', 'a green square', 'blue triangle', 'a white cat']

const [imageSize, patch, imageWidth] = [32, 8, 24]
const [contextLength, textWidth, heads, layers, dim] = [16, 32, 4, 2, 16]
const lowest = -3.4028234663852886e38

/** Writes the model: 32-pixel pictures, 16 tokens, embeddings of 16 numbers, two blocks each. */
export function writeClipExport(
  folder: string,
  options: ExportOptions = {},
): Promise<ModelDirectory> {
  const { opset = 14, seed = 1 } = options
  const tokenizer = trainTokenizer(exportCaptions, { vocabSize: 540, contextLength })
  const { vocabSize } = createTokenizer(tokenizer)
  const model = {
    vision: clipVision(opset, seed),
    text: clipText(opset, seed + 1, vocabSize),
    tokenizer,
    config: {
      model_type: 'clip',
      projection_dim: dim,
      logit_scale_init_value: 2.6592,
      text_config: { model_type: 'clip_text_model', max_position_embeddings: contextLength },
      vision_config: { model_type: 'clip_vision_model', image_size: imageSize },
    },
    preprocessing: {
      image_processor_type: 'CLIPImageProcessor',
      ...{ do_resize: true, do_center_crop: true, do_rescale: true, do_normalize: true },
      size: { shortest_edge: imageSize },
      crop_size: { height: imageSize, width: imageSize },
      resample: 3,
      image_mean: [0.48145466, 0.4578275, 0.40821073],
      image_std: [0.26862954, 0.26130258, 0.27577711],
    },
  }
  return writeExport(folder, model, options)
}

function clipVision(opset: number, seed: number): Graph {
  const b = new ExportBuilder('clip_vision', opset, seed)
  const shape = ['batch_size', 'num_channels', 'height', 'width']
  const pixels = b.input('pixel_values', 'float32', shape)
  const batch = b.size(pixels, 0)
  const kernel = b.weight(
    'vision_model.embeddings.patch_embedding.weight',
    [imageWidth, 3, patch, patch],
    0.05,
  )
  const patches = b.op('Conv', [pixels, kernel], {
    ...{ kernel_shape: [patch, patch], strides: [patch, patch], pads: [0, 0, 0, 0] },
    ...{ dilations: [1, 1], group: 1 },
  })
  const kept = b.op('Slice', [b.op('Shape', [patches]), b.list([0]), b.list([2]), b.list([0])])
  const flat = b.op('Reshape', [patches, b.op('Concat', [kept, b.list([-1])], { axis: 0 })])
  const rows = b.transpose(flat, [0, 2, 1])
  const token = b.weight('vision_model.embeddings.class_embedding', [imageWidth], 0.5)
  const first = b.expand(token, [batch, 1, -1])
  const joined = b.op('Concat', [first, rows], { axis: 1 })
  const count = (imageSize / patch) ** 2 + 1
  const table = b.weight(
    'vision_model.embeddings.position_embedding.weight',
    [count, imageWidth],
    0.2,
  )
  const ids = b.constant({
    type: 'int64',
    dims: [1, count],
    data: BigInt64Array.from({ length: count }, (_, i) => BigInt(i)),
  })
  const placed = b.op('Add', [joined, b.op('Gather', [table, ids])])
  let x = b.layerNorm('vision_model.pre_layrnorm', placed, imageWidth)
  const options = { width: imageWidth, heads, activation: 'quickGelu', epsilon: 1e-5 } as const
  for (let i = 0; i < layers; i++) {
    x = block(b, `vision_model.encoder.layers.${i}`, x, { ...options, masks: [] })
  }
  const pooled = b.op('Gather', [x, b.int(0)], { axis: 1 })
  const normed = b.layerNorm('vision_model.post_layernorm', pooled, imageWidth)
  const embeds = b.linear('visual_projection', normed, imageWidth, dim, false)
  b.output(embeds, 'float32', ['batch_size', dim], 'image_embeds')
  b.output(x, 'float32', ['batch_size', 'tokens', imageWidth], 'last_hidden_state')
  return b.build()
}

function clipText(opset: number, seed: number, vocabSize: number): Graph {
  const b = new ExportBuilder('clip_text', opset, seed)
  const shape = ['batch_size', 'sequence_length']
  const given = b.input('input_ids', 'int64', shape)
  const attention = b.input('attention_mask', 'int64', shape)
  const tokens = b.size(given, 1)
  const ids = b.view(given, [-1, tokens])
  const batch = b.size(given, 0)
  const table = b.weight(
    'text_model.embeddings.token_embedding.weight',
    [vocabSize, textWidth],
    0.5,
  )
  const places = b.weight(
    'text_model.embeddings.position_embedding.weight',
    [contextLength, textWidth],
    0.2,
  )
  const all = b.constant({
    type: 'int64',
    dims: [1, contextLength],
    data: BigInt64Array.from({ length: contextLength }, (_, i) => BigInt(i)),
  })
  const used = b.op('Slice', [all, b.list([0]), b.unsqueeze(tokens, [0]), b.list([1]), b.list([1])])
  let x = b.op('Add', [b.op('Gather', [table, ids]), b.op('Gather', [places, used])])
  const masks = [causalMask(b, batch, tokens), paddingMask(b, attention, batch, tokens)]
  const options = {
    width: textWidth,
    heads,
    activation: 'quickGelu',
    epsilon: 1e-5,
    masks,
  } as const
  for (let i = 0; i < layers; i++) x = block(b, `text_model.encoder.layers.${i}`, x, options)
  const normed = b.layerNorm('text_model.final_layer_norm', x, textWidth)
  const pooled = takeAt(
    b,
    normed,
    b.op('ArgMax', [b.op('Cast', [ids], { to: 6 })], { axis: -1, keepdims: 0 }),
  )
  const embeds = b.linear('text_projection', pooled, textWidth, dim, false)
  b.output(embeds, 'float32', ['batch_size', dim], 'text_embeds')
  b.output(normed, 'float32', ['batch_size', 'sequence_length', textWidth], 'last_hidden_state')
  return b.build()
}

/** The lowest number above the diagonal, made of a Range while the graph runs. */
function causalMask(b: ExportBuilder, batch: string, tokens: string): string {
  const full = b.op('ConstantOfShape', [b.shape([tokens, tokens])], {
    value: { type: 'float32', dims: [1], data: Float32Array.of(lowest) },
  })
  const columns = b.op('Range', [b.int(0), tokens, b.int(1)])
  const rows = b.view(b.op('Add', [columns, b.int(1)]), [tokens, 1])
  const open = b.op('Where', [b.op('Less', [columns, rows]), b.number(0), full])
  return b.expand(b.unsqueeze(b.unsqueeze(open, [0]), [1]), [batch, 1, tokens, tokens])
}

/** The lowest number where `attention_mask` is 0. */
function paddingMask(b: ExportBuilder, mask: string, batch: string, tokens: string): string {
  const wide = b.expand(b.unsqueeze(b.unsqueeze(mask, [1]), [2]), [batch, 1, tokens, tokens])
  const inverted = b.op('Sub', [b.number(1), b.op('Cast', [wide], { to: 1 })])
  return b.op('Where', [b.op('Cast', [inverted], { to: 9 }), b.number(lowest), inverted])
}

/** `x[arange(batch), at]`, by flat indices as torch.onnx writes them. */
export function takeAt(b: ExportBuilder, x: string, at: string): string {
  const batch = b.size(x, 0)
  const rows = b.op('Range', [b.int(0), batch, b.int(1)])
  const flat = b.op('Flatten', [x], { axis: 2 })
  const index = b.op('Add', [b.op('Mul', [rows, b.size(x, 1)]), b.op('Cast', [at], { to: 7 })])
  return b.op('Gather', [b.view(flat, [-1, b.size(x, 2)]), index])
}
