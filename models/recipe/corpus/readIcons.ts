/** Reads icon sets: those that draw emoji by code or name, and others by their names alone. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { sourceFolder } from '../folders.js'
import { type IconSet, type Picture, plainWords } from './picture.js'
import { type EmojiConcept, emojiPicture, normaliseCode } from './readEmoji.js'

const iconsSchema = z.object({
  width: z.number().default(16),
  height: z.number().default(16),
  icons: z.record(
    z.string(),
    z.object({ body: z.string(), width: z.number().optional(), height: z.number().optional() }),
  ),
})
const codesSchema = z.record(z.string(), z.string())

/** Sets of which icons that are no emoji are taken too, by their names. */
const setsWithOthers: ReadonlySet<IconSet> = new Set(['openmoji', 'flat-color-icons'])
/** Sets that write names together ("bouquetofflowers") or end variants of one emoji in numbers. */
const loosely: ReadonlySet<IconSet> = new Set(['fxemoji', 'streamline-emojis'])
/** What such icons are left out for: brands, flags, and skin tones by another name. */
const unwantedName = /flag|skin|tone|regional|letter|symbol for|-logo|^[a-z0-9]$/

/**
 * The icons of one set. An icon with an emoji's code, or with its name, is that concept; so is none
 * that another code (a skin tone) or an alias of another version names.
 */
export async function readIcons(
  set: IconSet,
  concepts: ReadonlyMap<string, EmojiConcept>,
  isWord: (word: string) => boolean,
): Promise<Picture[]> {
  const folder = sourceFolder(`@iconify-json/${set}`)
  const { icons, width, height } = iconsSchema.parse(await readJson(join(folder, 'icons.json')))
  const codes = codesSchema.parse(await readJson(join(folder, 'chars.json')))
  const codesByName = new Map<string, string[]>()
  for (const [code, name] of Object.entries(codes)) {
    codesByName.set(name, [...(codesByName.get(name) ?? []), normaliseCode(code)])
  }
  const byName = new Map([...concepts.values()].map((concept) => [concept.name, concept]))
  const bySqueezed = new Map([...byName].map(([name, concept]) => [squeeze(name), concept]))
  const findLoosely = (name: string) =>
    bySqueezed.get(squeeze(name)) ?? bySqueezed.get(squeeze(name.replace(/-[0-9]+$/, '')))
  return Object.entries(icons).flatMap(([name, icon]) => {
    const known = codesByName.get(name)
    const concept =
      known === undefined
        ? (byName.get(plainWords(name)) ?? (loosely.has(set) ? findLoosely(name) : undefined))
        : known.map((code) => concepts.get(code)).find((found) => found !== undefined)
    const box = `0 0 ${icon.width ?? width} ${icon.height ?? height}`
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="${box}" width="224" height="224">${icon.body}</svg>`
    if (concept !== undefined) return [emojiPicture(set, name, { svg }, concept)]
    if (!setsWithOthers.has(set) || unwantedName.test(name) || known?.some(hasSkinTone)) return []
    return plainWords(name).split(' ').every(isWord) ? [otherIcon(set, name, svg)] : []
  })
}

function otherIcon(collection: IconSet, key: string, svg: string): Picture {
  const name = plainWords(key)
  return {
    id: `${collection}/${key}`,
    collection,
    image: { svg },
    concept: name,
    name,
    aliases: [],
    keywords: [],
    kinds: ['an icon', 'a symbol'],
  }
}

function squeeze(name: string): string {
  return plainWords(name).replaceAll(' ', '')
}

/** Codes of flags and skin tones are no concepts here, and their icons are not wanted either. */
function hasSkinTone(code: string): boolean {
  return /1F3F[B-F]|1F1[EF]/.test(code)
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'))
}
