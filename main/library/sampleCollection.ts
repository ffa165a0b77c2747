/** Writes the sample collection: pictures of everyday things with their words, from a dependency. */
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomically } from '../platform/atomicFiles.js'
import { renderSvg } from '../platform/images/renderSvg.js'

const pictureSizePixels = 256
/** Renderings in flight; libvips draws each in one thread. */
const concurrency = 4

/** Names of icons that show the same thing in another skin tone, or a sign rather than a thing. */
const leftOut =
  /(^|-)(dark|light|medium)(-|$)|button|keycap|square-|-square|flag|clock-face|oclock|thirty/

const iconSetSchema = z.object({
  width: z.number(),
  height: z.number(),
  icons: z.record(z.string(), z.object({ body: z.string() })),
})
const keywordsSchema = z.record(z.string(), z.array(z.string()))

export interface SampleProgress {
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

/**
 * Writes one PNG for each thing and a captions.jsonl with its name and key words into `folder`.
 *
 * @returns the number of pictures
 */
export async function writeSampleCollection(
  folder: string,
  { signal, onProgress }: SampleProgress,
): Promise<number> {
  await mkdir(folder, { recursive: true })
  const set = iconSetSchema.parse(await readPackageJson('@iconify-json/fluent-emoji/icons.json'))
  const keywords = await readKeywords()
  const names = Object.keys(set.icons).filter((name) => !leftOut.test(name))
  const queue = names.entries()
  let done = 0
  const work = async () => {
    for (const [, name] of queue) {
      signal.throwIfAborted()
      const svg = svgDocument(set.icons[name]!.body, set.width, set.height)
      await writeFileAtomically(
        join(folder, `${name}.png`),
        await renderSvg(svg, pictureSizePixels, name),
      )
      onProgress(++done, names.length)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  const lines = names.map((name) =>
    JSON.stringify({ file: `${name}.png`, captions: captionsOf(name, keywords) }),
  )
  await writeFileAtomically(join(folder, 'captions.jsonl'), `${lines.join('\n')}\n`)
  return names.length
}

function svgDocument(body: string, width: number, height: number): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
    `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${body}</svg>`
  )
}

/** The thing's name, and what people also call it. */
function captionsOf(name: string, keywords: ReadonlyMap<string, readonly string[]>): string[] {
  const words = name.replaceAll('-', ' ')
  const others = (keywords.get(name) ?? [])
    .map((word) => word.replaceAll('_', ' '))
    .filter((word) => /^[\p{L} ]{3,}$/u.test(word) && word !== words)
  return [words, ...others.slice(0, 6)]
}

/** Key words by the icon's name; emojilib's first word is the name, with underscores. */
async function readKeywords(): Promise<Map<string, readonly string[]>> {
  const all = keywordsSchema.parse(await readPackageJson('emojilib/dist/emoji-en-US.json'))
  return new Map(
    Object.values(all).map(([name = '', ...others]) => [name.replaceAll('_', '-'), others]),
  )
}

async function readPackageJson(specifier: string): Promise<unknown> {
  const require = createRequire(import.meta.url)
  return JSON.parse(await readFile(require.resolve(specifier), 'utf8'))
}
