/** Names of pictures in other languages than English, from the emoji data and beside the stamps. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { isUnspaced } from '../../../main/ml/clip/tokenizer/splitWords.js'
import { sourceFolder } from '../folders.js'

/** Besides English. */
export const languages = ['de', 'fr', 'es', 'it', 'pt', 'zh', 'ja'] as const

export const languageNames: Readonly<Record<(typeof languages)[number], string>> = {
  de: 'German',
  fr: 'French',
  es: 'Spanish',
  it: 'Italian',
  pt: 'Portuguese',
  zh: 'Chinese',
  ja: 'Japanese',
}

/** Those that stamps name otherwise than by the language alone. */
const stampNames: Partial<Record<(typeof languages)[number], string>> = { zh: 'zh_cn' }

/** What a picture is called in one language. */
export interface Translation {
  readonly language: (typeof languages)[number]
  readonly name: string
  /** Words that go with it. */
  readonly keywords: readonly string[]
}

const labelSchema = z.array(
  z.object({ hexcode: z.string(), label: z.string(), tags: z.array(z.string()).default([]) }),
)

/** By the emoji's code as the data writes it. */
export async function readEmojiTranslations(): Promise<Map<string, Translation[]>> {
  const byCode = new Map<string, Translation[]>()
  for (const language of languages) {
    const path = join(sourceFolder('emojibase-data'), language, 'data.json')
    for (const row of labelSchema.parse(JSON.parse(await readFile(path, 'utf8')))) {
      const [name = '', ...keywords] = [row.label, ...row.tags].map(foreignWords)
      const known = byCode.get(row.hexcode) ?? []
      byCode.set(row.hexcode, [...known, { language, name, keywords }])
    }
  }
  return byCode
}

/** @param lines of a stamp's text file; those of languages begin as "de.utf8=" */
export function parseStampTranslations(lines: readonly string[]): Translation[] {
  return languages.flatMap((language): Translation[] => {
    const start = `${stampNames[language] ?? language}.utf8=`
    const line = lines.find((text) => text.startsWith(start))
    const [sentence = ''] = line?.slice(start.length).split(/[.!?。！？]/) ?? []
    const name = withoutArticle(foreignWords(sentence))
    return isShortName(name) ? [{ language, name, keywords: [] }] : []
  })
}

function isShortName(name: string): boolean {
  if (isUnspaced(name.replaceAll(' ', ''))) return name.length <= 16
  return name.length >= 2 && name.split(' ').length <= 8
}

/** Lower case, letters of any alphabet and digits only, single spaces. */
function foreignWords(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

const articles =
  /^(eine?|der|die|das|une?|les?|la|l|une?|unas?|unos?|los?|las|el|il|gli|i|uma?|os?|as?) (?=..)/u

function withoutArticle(text: string): string {
  return text.replace(articles, '')
}
