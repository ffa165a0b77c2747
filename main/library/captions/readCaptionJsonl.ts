/** Reads captions.jsonl: one object a line with file, caption or captions, and perhaps label. */
import { createReadStream } from 'node:fs'
import { type CaptionRecord, invalidLine, parseCaptionRecord } from './captionRecord.js'

/** @throws CAPTION_FILE_INVALID, or the system's error */
export async function* readCaptionJsonl(
  path: string,
  folder: string,
  signal?: AbortSignal,
): AsyncGenerator<CaptionRecord> {
  let line = 0
  for await (const text of readLines(path, signal)) {
    line++
    const content = line === 1 ? text.replace(/^\u{feff}/u, '') : text
    if (content.trim() === '') continue
    const from = { path, line }
    yield parseCaptionRecord(parseJson(content, from), folder, from)
  }
}

/** The lines of a text file; unlike readline, with the stream's errors. */
async function* readLines(path: string, signal?: AbortSignal): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of createReadStream(path, { encoding: 'utf8' })) {
    signal?.throwIfAborted()
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  yield rest
}

function parseJson(text: string, from: { path: string; line: number }): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalidLine(from, 'it is not valid JSON', error)
  }
}
