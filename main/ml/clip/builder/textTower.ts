/** Builds the text encoder: token ids in, embeddings out, for any batch and any length that fits. */
import { AppError } from '../../../../shared/errors.js'
import type { Architecture, StageArchitecture, TextArchitecture } from '../architecture.js'
import { layerNorm } from './layers.js'
import { writeProjection } from './projection.js'
import { describeBias, type TextContext } from './textMasks.js'
import { type Tower, TowerBuilder } from './towerBuilder.js'
import { type TokenLayout, transformer } from './transformer.js'

type PoolTokens = NonNullable<TokenLayout['pool']>

/**
 * The text tower: `input_ids` and `attention_mask` int64 [batch, sequence] -> `text_embeds`.
 *
 * @param tokenEmbedding row-major [vocabSize, tokenWidth]; drawn at random if left out
 * @throws AppError SHAPE_MISMATCH if `tokenEmbedding` has another size
 */
export function buildTextTower(
  architecture: Architecture,
  seed: number,
  tokenEmbedding?: Float32Array,
): Tower {
  const b = new TowerBuilder('text_encoder', seed)
  const context = declareInputs(b, architecture.text)
  const { text } = architecture
  const x = addPositions(context, embedTokens(context, tokenEmbedding))
  const layout = describeLayout(context)
  const stream = transformer(b, 'blocks', x, text, architecture.block, layout)
  const pooled = text.pooling === 'eos' ? stream : meanOverWords(context, stream)
  const value = layerNorm(b, 'norm', pooled, text.width)
  return writeProjection(b, { value, width: text.width }, architecture, 'text_embeds')
}

function declareInputs(b: TowerBuilder, text: TextArchitecture): TextContext {
  const ids = b.input('input_ids', 'int64', ['batch', 'sequence'])
  const mask = b.input('attention_mask', 'int64', ['batch', 'sequence'])
  const shape = b.op('Shape', [ids])
  const length = b.op('Slice', [shape, b.ints([1]), b.ints([2])])
  return { b, text, ids, mask, shape, length }
}

/** Token vectors [batch, sequence, width]. */
function embedTokens({ b, text, ids }: TextContext, given: Float32Array | undefined): string {
  const width = text.tokenWidth ?? text.width
  const dims = [text.vocabSize, width]
  const options = { decay: false, frozen: text.tokenEmbedding === 'frozen' }
  if (given && given.length !== text.vocabSize * width) {
    const problem = `token embeddings need ${dims.join(' x ')} numbers, got ${given.length}`
    throw new AppError('SHAPE_MISMATCH', { where: 'text tower', problem })
  }
  const table = given
    ? b.weight('token_embedding', dims, given, options)
    : b.normalWeight('token_embedding', dims, 0.02, options)
  const vectors = b.op('Gather', [table, ids], { axis: 0 })
  if (width === text.width) return vectors
  const weight = b.normalWeight('token_projection.weight', [width, text.width], width ** -0.5)
  return b.op('MatMul', [vectors, weight])
}

/** [batch, sequence, width] with learned positions, flattened. */
function addPositions({ b, text, length }: TextContext, x: string): string {
  const table = b.normalWeight('positions', [text.contextLength, text.width], 0.01, {
    decay: false,
  })
  const positions = b.op('Slice', [table, b.ints([0]), length, b.ints([0])])
  return b.op('Reshape', [b.op('Add', [x, positions]), b.ints([-1, text.width])])
}

function describeLayout(context: TextContext): TokenLayout {
  const { b, text } = context
  const headsShape = (stage: StageArchitecture) =>
    b.op('Concat', [context.shape, b.ints([stage.heads, stage.width / stage.heads])], { axis: 0 })
  const shape = headsShape(text)
  const layout = { headsShape: () => shape, ...describeBias(context) }
  if (text.pooling !== 'eos') return layout
  return { ...layout, pool: poolEndOfText(context) }
}

/**
 * Takes each row's token with the highest id. A product with a one-hot row does it: the gradient
 * flows to that token only, without a scatter.
 */
function poolEndOfText({ b, text, ids, length, shape }: TextContext): PoolTokens {
  const end = b.op('ArgMax', [ids], { axis: 1, keepdims: 0 })
  const values = b.initializer('one_hot_values', {
    type: 'float32',
    dims: [2],
    data: Float32Array.of(0, 1),
  })
  const oneHot = b.op('Unsqueeze', [b.op('OneHot', [end, length, values]), b.ints([1])])
  const sequences = b.op('Concat', [shape, b.ints([text.width])], { axis: 0 })
  return (x, width) => {
    const picked = b.op('MatMul', [oneHot, b.op('Reshape', [x, sequences])])
    return b.op('Reshape', [picked, b.ints([-1, width])])
  }
}

/** Mean of the tokens that are not padding: [batch * sequence, width] -> [batch, width]. */
function meanOverWords({ b, text, mask, shape }: TextContext, x: string): string {
  const words = b.op('Cast', [mask], { to: 1 })
  const count = b.op('ReduceSum', [words, b.ints([1])], { keepdims: 1 })
  const share = b.op('Unsqueeze', [b.op('Div', [words, count]), b.ints([1])])
  const target = b.op('Concat', [shape, b.ints([text.width])], { axis: 0 })
  const picked = b.op('MatMul', [share, b.op('Reshape', [x, target])])
  return b.op('Reshape', [picked, b.ints([-1, text.width])])
}
