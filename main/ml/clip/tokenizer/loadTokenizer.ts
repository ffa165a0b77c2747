/** Loads a tokenizer from a model directory. */
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../../shared/errors.js'
import { readJson } from '../readJson.js'
import { createTokenizer, type Tokenizer } from './Tokenizer.js'

const anyObject = z.record(z.string(), z.unknown())

/**
 * Loads tokenizer.json and tokenizer_config.json of `folder`.
 *
 * @throws AppError MODEL_INVALID naming the file
 */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  const path = join(folder, 'tokenizer.json')
  const tokenizer = await readJson(path, anyObject)
  const tokenizerConfig = await readJson(join(folder, 'tokenizer_config.json'), anyObject)
  try {
    return createTokenizer({ tokenizer, tokenizerConfig })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new AppError('MODEL_INVALID', { path, reason }, { cause: error })
  }
}
