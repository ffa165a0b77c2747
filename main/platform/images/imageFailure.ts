/** Turns what libvips says about a broken picture into a reason that a person understands. */
import { AppError } from '../../../shared/errors.js'

/** Patterns of libvips' messages, first match wins. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/unsupported image format|operation is blocked|no known loader/i, 'unsupported format'],
  [/exceeds pixel limit|dimensions? too large|too large|maximum image (size|width)/i, 'too large'],
  [/timeout/i, 'decoding took too long'],
  [
    /premature end|truncated|unexpected end|end of stream|read error|not enough|partial/i,
    'truncated',
  ],
  [/xml parse error/i, 'damaged: not a valid SVG'],
  [/memory/i, 'too large for the memory at hand'],
]

/** What sharp and libvips say before they come to the point. */
const preamble = /^(input (buffer|file)[^:]*: ?)?(\w+: )?/i

/** The AppError IMAGE_UNREADABLE for an error thrown by sharp. */
export function imageFailure(path: string, error: unknown): AppError {
  if (error instanceof AppError) return error
  const message = error instanceof Error ? error.message : String(error)
  const known = reasons.find(([pattern]) => pattern.test(message))
  const detail = message.split('\n')[0]!.replace(preamble, '')
  const reason = known?.[1] ?? (detail === '' ? 'damaged' : `damaged: ${detail}`)
  return new AppError('IMAGE_UNREADABLE', { path, reason }, { cause: error })
}

/**
 * libvips keeps what went wrong in one place for all its threads, where another picture that is just
 * begun wipes it out. Then sharp cannot say why, and what it was to do with the picture is tried again.
 */
export async function untilTold<T>(work: () => Promise<T>): Promise<T> {
  for (let left = triesAgain; ; left--) {
    try {
      return await work()
    } catch (error) {
      if (left === 0 || !untold.test(error instanceof Error ? error.message : '')) throw error
    }
  }
}

const untold = /unknown error|corrupt header:?\s*$/i
const triesAgain = 3
