/** One line of a caption file: which picture it names, and its words. */
import { isAbsolute, relative, resolve } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.js'
import { isInside } from '../../platform/paths.js'

/** What a caption file says of one picture. */
export interface CaptionRecord {
  /** As the file names it; inside the folder. */
  readonly file: string
  readonly captions: readonly string[]
  readonly label: string | undefined
  /** The file and line that said so. */
  readonly from: CaptionLine
}

export interface CaptionLine {
  readonly path: string
  /** From 1. */
  readonly line: number
}

const text = z.string()
const isGiven = (value: unknown) => value !== undefined
const captionRecordSchema = z
  .object({
    file: text.trim().min(1, 'is empty'),
    caption: text.optional(),
    captions: z.array(text).optional(),
    label: z.union([text, z.number().transform(String)]).optional(),
  })
  .refine(({ caption, captions, label }) => [caption, captions, label].some(isGiven), {
    message: '"caption", "captions" or "label" is missing',
  })

/**
 * Checks what a line says. Captions may be empty: a table of pictures may be half filled in.
 *
 * @throws CAPTION_FILE_INVALID naming the line and what is wrong with it
 */
export function parseCaptionRecord(
  value: unknown,
  folder: string,
  from: CaptionLine,
): CaptionRecord {
  const parsed = captionRecordSchema.safeParse(value)
  if (!parsed.success) throw invalidLine(from, firstProblem(parsed.error))
  const { file, caption, captions = [], label } = parsed.data
  const words = [...(caption === undefined ? [] : [caption]), ...captions]
  if ([file, ...words].some((one) => one.includes('\u{fffd}'))) {
    throw invalidLine(from, 'it is not valid UTF-8; save the file as UTF-8')
  }
  const path = resolve(folder, file)
  if (path.includes('\0') || !isInside(folder, path) || path === folder) {
    throw invalidLine(from, `"${file}" leads out of the folder`)
  }
  const inside = isAbsolute(file) ? relative(folder, path) : file
  return { file: inside, captions: tidy(words), label: label?.trim() || undefined, from }
}

export function invalidLine(
  { path, line }: CaptionLine,
  reason: string,
  cause?: unknown,
): AppError<'CAPTION_FILE_INVALID'> {
  return new AppError('CAPTION_FILE_INVALID', { path, line, reason }, { cause })
}

/** Captions with their white space tidied, none empty, none twice. */
export function tidy(captions: readonly string[]): string[] {
  const tidied = captions.map((caption) => caption.replace(/\s+/g, ' ').trim())
  return [...new Set(tidied)].filter((caption) => caption !== '')
}

function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0]
  if (!issue) return 'it is not as expected'
  return issue.path.length > 0 ? `"${issue.path.join('.')}": ${issue.message}` : issue.message
}
