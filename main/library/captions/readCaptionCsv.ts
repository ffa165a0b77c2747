/** Reads captions.csv: the column file, and caption, captions or label. */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { z } from 'zod'
import { type CaptionRecord, invalidLine, parseCaptionRecord } from './captionRecord.js'

/** What parts several captions in one cell, beside line breaks. */
const captionSeparator = /[|\n]/

/** Columns that say something of a picture. */
const tells: ReadonlySet<string> = new Set(['caption', 'captions', 'label'])

const rowSchema = z.object({
  record: z.record(z.string(), z.string()),
  info: z.object({ lines: z.number() }),
})

/** @throws CAPTION_FILE_INVALID, or the system's error */
export async function* readCaptionCsv(
  path: string,
  folder: string,
  signal?: AbortSignal,
): AsyncGenerator<CaptionRecord> {
  const parser = parse({
    bom: true,
    columns: (header: string[]) => checkHeader(header, path),
    delimiter: await delimiterOf(path),
    info: true,
    skip_empty_lines: true,
    trim: true,
  })
  // The loop below gets the errors of both; the pipeline also closes the file when it is left early.
  pipeline(Readable.from(readWithPlainBreaks(path, signal)), parser, () => {})
  try {
    for await (const row of parser) {
      const { record, info } = rowSchema.parse(row)
      const { captions, ...rest } = record
      const several = captions === undefined ? {} : { captions: captions.split(captionSeparator) }
      yield parseCaptionRecord({ ...rest, ...several }, folder, { path, line: info.lines })
    }
  } catch (error) {
    signal?.throwIfAborted()
    if (!(error instanceof CsvError)) throw error
    throw invalidLine({ path, line: lineOf(error) }, error.message, error)
  }
}

/** The file's text with `\n` alone for line breaks: in quotes, the parser counts `\r\n` as two. */
async function* readWithPlainBreaks(path: string, signal?: AbortSignal): AsyncGenerator<string> {
  let held = ''
  for await (const chunk of createReadStream(path, { encoding: 'utf8' })) {
    signal?.throwIfAborted()
    const text = `${held}${chunk}`
    held = text.endsWith('\r') ? '\r' : ''
    yield text.slice(0, text.length - held.length).replaceAll('\r\n', '\n')
  }
  yield held
}

function checkHeader(header: readonly string[], path: string): string[] {
  const names = header.map((name) => name.trim().toLowerCase())
  if (!names.includes('file') || !names.some((name) => tells.has(name))) {
    const reason = 'the first line must name the columns file and caption, or file and label'
    throw invalidLine({ path, line: 1 }, reason)
  }
  return names
}

/** Spreadsheets write a semicolon or a tab where the comma is the decimal sign. */
async function delimiterOf(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4_096), 0, 4_096, 0)
    const header = buffer.toString('utf8', 0, bytesRead).split(/[\r\n]/, 1)[0] ?? ''
    return [',', ';', '\t'].find((delimiter) => header.includes(delimiter)) ?? ','
  } finally {
    await file.close()
  }
}

function lineOf(error: CsvError): number {
  return typeof error.lines === 'number' ? error.lines : 1
}
