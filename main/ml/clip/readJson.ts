/** Reads a JSON file of a model, checked against a schema. */
import { readFile, stat } from 'node:fs/promises'
import type { z } from 'zod'
import { AppError, isAppError } from '../../../shared/errors.js'

/** The largest tokenizers, of a quarter of a million words, have 35 MiB. */
const largestJsonBytes = 128 * 2 ** 20

/** @throws AppError MODEL_INVALID naming the file, where it is missing, no JSON, or does not fit */
export async function readJson<T extends z.ZodType>(path: string, schema: T): Promise<z.infer<T>> {
  let content: unknown
  try {
    const { size } = await stat(path)
    if (size > largestJsonBytes) {
      const reason = `the file is larger than ${largestJsonBytes / 2 ** 20} MiB, which no model needs`
      throw new AppError('MODEL_INVALID', { path, reason })
    }
    content = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if (isAppError(error)) throw error
    throw new AppError('MODEL_INVALID', { path, reason: readingProblem(error) }, { cause: error })
  }
  return parseModelPart(path, schema, content)
}

/** The same for content that is parsed already; `path` is only named in the error. */
export function parseModelPart<T extends z.ZodType>(
  path: string,
  schema: T,
  content: unknown,
): z.infer<T> {
  const parsed = schema.safeParse(content)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = issue?.path.join('.')
  const problem = issue?.code === 'invalid_key' ? issue.issues[0]?.message : issue?.message
  const reason = `${where ? `${where}: ` : ''}${problem ?? 'does not fit'}`
  throw new AppError('MODEL_INVALID', { path, reason })
}

function readingProblem(error: unknown): string {
  if (error instanceof SyntaxError) return 'the file is no valid JSON'
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' ? 'the file is missing' : `cannot be read: ${code}`
}
