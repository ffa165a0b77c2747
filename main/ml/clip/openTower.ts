/** One encoder's session, and where its embeddings come out. */
import { AppError } from '../../../shared/errors.js'
import type { Session, Tensors } from '../runtime/session.js'

export interface OpenTower<S extends Session = Session> {
  readonly session: S
  /** The output with the embeddings. */
  readonly output: string
  /** Whether the features before the projection are another output. */
  readonly hasPooled: boolean
}

/**
 * Finds the embeddings of the encoder that `opening` opens from `path`.
 *
 * @throws AppError MODEL_INVALID if it has none; what `opening` throws
 */
export async function openTower<S extends Session>(
  opening: Promise<S>,
  path: string,
  embeddings: 'image_embeds' | 'text_embeds',
): Promise<OpenTower<S>> {
  const session = await opening
  const { outputNames } = session
  const hasPooled = outputNames.includes('pooler_output')
  if (outputNames.includes(embeddings)) return { session, output: embeddings, hasPooled }
  // SigLIP's exports call their embeddings so, as no projection follows.
  if (hasPooled) return { session, output: 'pooler_output', hasPooled: false }
  await session.dispose()
  const reason = `it has no output ${embeddings}, only ${outputNames.join(', ')}`
  throw new AppError('MODEL_INVALID', { path, reason })
}

/** The rows of an output, [rows, width]. @throws AppError MODEL_INVALID if it is something else */
export function takeRows(
  path: string,
  results: Tensors,
  name: string,
  dims: readonly [number, number],
): Float32Array {
  const tensor = results[name]
  if (tensor?.type === 'float32' && tensor.data.length === dims[0] * dims[1]) return tensor.data
  const found = tensor ? `${tensor.type} [${tensor.dims.join(', ')}]` : 'nothing'
  const reason = `its ${name} should be float32 [${dims.join(', ')}] but is ${found}`
  throw new AppError('MODEL_INVALID', { path, reason })
}
