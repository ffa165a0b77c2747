/** A model of SigLIP's kind: no mask, no projection, a pooling head with a learned query. */
import type { ModelDirectory } from '../../../main/ml/clip/modelDirectory.js'
import type { Graph } from '../../../main/ml/onnx/graph.js'
import { exportCaptions } from './clip.js'
import { ExportBuilder } from './exportBuilder.js'
import { type ExportOptions, writeExport } from './exportedModel.js'
import { block } from './transformer.js'

const [imageSize, patch, width, heads, layers, contextLength] = [32, 8, 24, 4, 2, 16]
const options = { width, heads, activation: 'geluTanh', epsilon: 1e-6, masks: [] } as const

/** Writes the model: 32-pixel pictures, texts always of 16 tokens, embeddings of 24 numbers. */
export function writeSiglipExport(
  folder: string,
  exportOptions: ExportOptions = {},
): Promise<ModelDirectory> {
  const { opset = 14, seed = 1 } = exportOptions
  const pieces = sentencePieces()
  const model = {
    vision: siglipVision(opset, seed),
    text: siglipText(opset, seed + 1, pieces.length),
    tokenizer: describePieces(pieces),
    config: {
      model_type: 'siglip',
      text_config: { model_type: 'siglip_text_model', max_position_embeddings: contextLength },
      vision_config: {
        ...{ model_type: 'siglip_vision_model', hidden_size: width },
        ...{ image_size: imageSize },
      },
    },
    preprocessing: {
      image_processor_type: 'SiglipImageProcessor',
      ...{ do_resize: true, do_rescale: true, do_normalize: true, resample: 3 },
      size: { height: imageSize, width: imageSize },
      ...{ image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] },
    },
  }
  return writeExport(folder, model, exportOptions)
}

function positions(count: number) {
  const data = BigInt64Array.from({ length: count }, (_, i) => BigInt(i))
  return { type: 'int64', dims: [1, count], data } as const
}

function siglipText(opset: number, seed: number, vocabSize: number): Graph {
  const b = new ExportBuilder('siglip_text', opset, seed)
  const given = b.input('input_ids', 'int64', ['batch_size', 'sequence_length'])
  const tokens = b.size(given, 1)
  const ids = b.view(given, [-1, tokens])
  const table = b.weight('text_model.embeddings.token_embedding.weight', [vocabSize, width], 0.5)
  const places = b.weight('text_model.embeddings.position_embedding.weight', [contextLength, width])
  const all = b.constant(positions(contextLength))
  const used = b.op('Slice', [all, b.list([0]), b.unsqueeze(tokens, [0]), b.list([1]), b.list([1])])
  let x = b.op('Add', [b.op('Gather', [table, ids]), b.op('Gather', [places, used])])
  for (let i = 0; i < layers; i++) x = block(b, `text_model.encoder.layers.${i}`, x, options)
  const normed = b.layerNorm('text_model.final_layer_norm', x, width, 1e-6)
  const last = b.op('Gather', [normed, b.int(-1)], { axis: 1 })
  const embeds = b.gemm('text_model.head', last, width, width)
  const shape = ['batch_size', 'sequence_length', width]
  b.output(normed, 'float32', shape, 'last_hidden_state')
  b.output(embeds, 'float32', ['batch_size', width], 'pooler_output')
  return b.build()
}

function siglipVision(opset: number, seed: number): Graph {
  const b = new ExportBuilder('siglip_vision', opset, seed)
  const pixels = b.input('pixel_values', 'float32', ['batch_size', 3, imageSize, imageSize])
  const kernel = b.weight('vision_model.patch_embedding.weight', [width, 3, patch, patch], 0.05)
  const bias = b.weight('vision_model.patch_embedding.bias', [width], 0.05)
  const patches = b.op('Conv', [pixels, kernel, bias], {
    ...{ kernel_shape: [patch, patch], strides: [patch, patch], pads: [0, 0, 0, 0] },
    ...{ dilations: [1, 1], group: 1 },
  })
  const count = (imageSize / patch) ** 2
  const rows = b.transpose(b.view(patches, [b.size(patches, 0), width, -1]), [0, 2, 1])
  const table = b.weight('vision_model.embeddings.position_embedding.weight', [count, width])
  let x = b.op('Add', [rows, b.op('Gather', [table, b.constant(positions(count))])])
  for (let i = 0; i < layers; i++) x = block(b, `vision_model.encoder.layers.${i}`, x, options)
  const normed = b.layerNorm('vision_model.post_layernorm', x, width, 1e-6)
  const embeds = poolingHead(b, normed)
  b.output(normed, 'float32', ['batch_size', count, width], 'last_hidden_state')
  b.output(embeds, 'float32', ['batch_size', width], 'pooler_output')
  return b.build()
}

/** nn.MultiheadAttention with a learned query, tokens first, its three weights cut out of one. */
function poolingHead(b: ExportBuilder, x: string): string {
  const name = 'vision_model.head'
  const size = width / heads
  const batch = b.size(x, 0)
  const probe = b.weight(`${name}.probe`, [1, 1, width], 0.5)
  const repeats = b.shape([batch, 1, 1])
  const query = b.transpose(b.op('Tile', [probe, repeats]), [1, 0, 2])
  const memory = b.transpose(x, [1, 0, 2])
  const weight = b.weight(`${name}.attention.in_proj_weight`, [3 * width, width])
  const bias = b.weight(`${name}.attention.in_proj_bias`, [3 * width], 0.05)
  const rows = b.op('Mul', [batch, b.int(heads)])
  const project = (value: string, part: number) => {
    const [from, to] = [b.list([part * width]), b.list([(part + 1) * width])]
    const cut = (all: string) => b.op('Slice', [all, from, to, b.list([0]), b.list([1])])
    const product = b.op('MatMul', [value, b.transpose(cut(weight), [1, 0])])
    const whole = b.op('Add', [product, cut(bias)])
    return b.transpose(b.view(whole, [-1, rows, size]), [1, 0, 2])
  }
  const q = b.op('Div', [project(query, 0), b.number(Math.sqrt(size))])
  const scores = b.op('MatMul', [q, b.transpose(project(memory, 1), [0, 2, 1])])
  const weights = b.op('Softmax', [scores], { axis: b.opset < 13 ? 2 : -1 })
  const mixed = b.transpose(b.op('MatMul', [weights, project(memory, 2)]), [1, 0, 2])
  const out = b.gemm(`${name}.attention.out_proj`, b.view(mixed, [batch, width]), width, width)
  const attended = b.transpose(b.view(out, [1, batch, width]), [1, 0, 2])
  const normed = b.layerNorm(`${name}.layernorm`, attended, width, 1e-6)
  const hidden = b.geluTanh(b.linear(`${name}.mlp.fc1`, normed, width, 4 * width))
  const pooled = b.op('Add', [attended, b.linear(`${name}.mlp.fc2`, hidden, 4 * width, width)])
  return b.op('Gather', [pooled, b.int(0)], { axis: 1 })
}

/** Words with the mark that stands for a blank, and letters for all others. */
function sentencePieces(): string[] {
  const words = new Set(exportCaptions.flatMap((caption) => caption.split(' ')))
  const letters = [...'abcdefghijklmnopqrstuvwxyz']
  return ['<pad>', '</s>', '<unk>', '▁', ...[...words].map((word) => `▁${word}`), ...letters]
}

/** A SentencePiece tokenizer: the end token alone closes a text, and pads it too. */
function describePieces(pieces: readonly string[]) {
  const special = { single_word: false, lstrip: false, rstrip: false, normalized: false }
  const added = [1, 2].map((id) => ({ id, content: pieces[id], special: true, ...special }))
  return {
    tokenizer: {
      ...{ version: '1.0', truncation: null, padding: null, added_tokens: added },
      normalizer: { type: 'Lowercase' },
      pre_tokenizer: { type: 'Metaspace', replacement: '▁', add_prefix_space: true },
      post_processor: {
        type: 'TemplateProcessing',
        single: [
          { Sequence: { id: 'A', type_id: 0 } },
          { SpecialToken: { id: '</s>', type_id: 0 } },
        ],
        pair: [],
        special_tokens: { '</s>': { id: '</s>', ids: [1], tokens: ['</s>'] } },
      },
      decoder: { type: 'Metaspace', replacement: '▁', add_prefix_space: true },
      model: {
        ...{ type: 'Unigram', unk_id: 2 },
        vocab: pieces.map((piece) => [piece, piece.length > 2 ? -2 : -6]),
      },
    },
    tokenizerConfig: {
      ...{ tokenizer_class: 'SiglipTokenizer', model_max_length: contextLength },
      ...{ eos_token: '</s>', pad_token: '</s>', unk_token: '<unk>' },
    },
  }
}
