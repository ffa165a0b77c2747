/** Reads the emoji concepts with their words, and the pictures that vendors draw for them. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { sourceFolder } from '../folders.js'
import { emojiKinds } from './kinds.js'
import { type Collection, type Picture, plainWords } from './picture.js'
import { readEmojiTranslations, type Translation } from './translations.js'

/** One emoji: `code` is its code points without variation selectors. */
export interface EmojiConcept {
  readonly code: string
  readonly name: string
  readonly aliases: readonly string[]
  readonly keywords: readonly string[]
  readonly kinds: readonly string[]
  readonly translations: readonly Translation[]
}

const emojiSchema = z.array(
  z.object({
    unified: z.string(),
    image: z.string(),
    short_names: z.array(z.string()),
    category: z.string(),
    subcategory: z.string(),
    has_img_facebook: z.boolean(),
  }),
)
const labelSchema = z.array(
  z.object({ hexcode: z.string(), label: z.string(), tags: z.array(z.string()).default([]) }),
)
const nameSchema = z.record(z.string(), z.object({ name: z.string() }))
const keywordSchema = z.record(z.string(), z.array(z.string()))

type EmojiRow = z.infer<typeof emojiSchema>[number]

/** Flags are nearly text, and components (skin tones, hair) are no pictures of anything. */
const leftOut = new Set(['Flags', 'Component'])

/** A code in one spelling: upper case, without the variation selector. */
export function normaliseCode(code: string): string {
  return code.toUpperCase().replace(/-FE0F/g, '')
}

/** All concepts in Unicode's order, flags and skin tones left out. */
export async function readEmojiConcepts(): Promise<EmojiConcept[]> {
  const rows = await readRows('facebook')
  const labels = await readJson('emojibase-data', 'en/data.json', labelSchema)
  const names = await readJson('unicode-emoji-json', 'data-by-emoji.json', nameSchema)
  const keywords = await readJson('emojilib', 'dist/emoji-en-US.json', keywordSchema)
  const translations = await readEmojiTranslations()
  const translationsByCode = new Map(
    [...translations].map(([code, known]) => [normaliseCode(code), known]),
  )
  const labelByCode = new Map(labels.map((label) => [normaliseCode(label.hexcode), label]))
  const nameByCode = byCode(names)
  const keywordsByCode = byCode(keywords)
  return rows.map((row) => {
    const code = normaliseCode(row.unified)
    const label = labelByCode.get(code)
    const name = label?.label ?? row.short_names[0]!
    const aliases = [nameByCode.get(code)?.name, ...row.short_names]
    return {
      code,
      name: plainWords(name) || name,
      aliases: distinct(aliases, name),
      keywords: distinct([...(label?.tags ?? []), ...(keywordsByCode.get(code) ?? [])], name),
      kinds: emojiKinds[row.subcategory] ?? [],
      translations: translationsByCode.get(code) ?? [],
    }
  })
}

/** The pictures of one vendor. */
export async function readEmojiVendor(
  vendor: Extract<Collection, 'facebook' | 'apple' | 'google' | 'twitter'>,
  concepts: ReadonlyMap<string, EmojiConcept>,
): Promise<Picture[]> {
  const folder = join(sourceFolder(`emoji-datasource-${vendor}`), 'img', vendor, '64')
  const rows = await readRows(vendor)
  return rows.flatMap((row) => {
    const concept = concepts.get(normaliseCode(row.unified))
    if (concept === undefined || !row.drawn) return []
    return [emojiPicture(vendor, row.unified, { path: join(folder, row.image) }, concept)]
  })
}

/** A picture of an emoji, drawn by any collection. */
export function emojiPicture(
  collection: Collection,
  key: string,
  image: Picture['image'],
  { code, ...words }: EmojiConcept,
): Picture {
  return {
    id: `${collection}/${key}`,
    collection,
    image,
    concept: code,
    ...words,
  }
}

async function readRows(vendor: string): Promise<(EmojiRow & { drawn: boolean })[]> {
  const path = join(sourceFolder(`emoji-datasource-${vendor}`), 'emoji.json')
  const parsed: unknown = JSON.parse(await readFile(path, 'utf8'))
  const drawn = z.array(z.record(z.string(), z.unknown())).parse(parsed)
  return emojiSchema
    .parse(parsed)
    .map((row, i) => ({ ...row, drawn: drawn[i]![`has_img_${vendor}`] === true }))
    .filter((row) => !leftOut.has(row.category))
}

async function readJson<T>(source: string, file: string, schema: z.ZodType<T>): Promise<T> {
  return schema.parse(JSON.parse(await readFile(join(sourceFolder(source), file), 'utf8')))
}

function byCode<T>(record: Record<string, T>): Map<string, T> {
  return new Map(
    Object.entries(record).map(([emoji, value]) => {
      const points = [...emoji].map((c) => c.codePointAt(0)!.toString(16).padStart(4, '0'))
      return [normaliseCode(points.join('-')), value]
    }),
  )
}

/** Plain words of each text, without repeats, single letters and `name` itself. */
function distinct(texts: readonly (string | undefined)[], name: string): string[] {
  const words = texts.map((text) => plainWords(text ?? ''))
  const known = plainWords(name)
  return [...new Set(words)].filter((text) => text.length > 1 && text !== known)
}
