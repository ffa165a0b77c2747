/** Reads the stamps and the clip art: pictures in topic folders. */
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { sourceFolder } from '../folders.js'
import { folderKinds } from './kinds.js'
import { type Picture, plainWords } from './picture.js'
import { parseStampTranslations } from './translations.js'

const stampsFolder = join(sourceFolder('tuxpaint-stamps-default'), 'usr/share/tuxpaint/stamps')
const clipArtFolder = join(sourceFolder('openclipart-png'), 'usr/share/openclipart/png')

/** Stamps that are nearly text: the alphabets, and flags. */
const unwantedStamps = /^symbols\/alphabets\/|^town\/flags\//
/** Interface icons, spirographs, playing cards, flags and other pictures that show no thing. */
const unwantedClipArt =
  /^(shapes|special|computer\/(icons|buttons|diagrams|folders)|logos|decorations|buttons|unsorted\/duplicates)\/|\/(flags|map_symbols|led|cards|aiga-symbols|callouts|clocks)\/|flag|_bw|pattern|border|background/

/** Every stamp with a line of English, drawn as PNG where there is a choice. */
export async function readStamps(): Promise<Picture[]> {
  const files = (await listFiles(stampsFolder)).filter((file) => !unwantedStamps.test(file))
  const texts = new Set(files.filter((file) => file.endsWith('.txt')))
  const stems = new Map<string, string>()
  for (const file of files.filter((name) => /\.(png|svg)$/.test(name))) {
    const stem = file.slice(0, -4)
    if (texts.has(`${stem}.txt`) && !stems.get(stem)?.endsWith('.png')) stems.set(stem, file)
  }
  const pictures: Picture[] = []
  for (const [stem, file] of stems) {
    const text = await readFile(join(stampsFolder, `${stem}.txt`), 'utf8')
    const [line = '', ...lines] = text.split('\n')
    const [name, ...rest] = sentences(line)
    if (name === undefined) continue
    pictures.push({
      ...describeFile('stamps', stampsFolder, file),
      concept: name,
      name,
      aliases: [fileWords(stem)],
      keywords: rest.filter((sentence) => sentence.split(' ').length < 12),
      translations: parseStampTranslations(lines),
    })
  }
  return pictures
}

/**
 * The clip art whose file name says what it shows, in English.
 *
 * @param isWord a name ends before the first word that is none: there the author's begins
 */
export async function readClipArt(isWord: (word: string) => boolean): Promise<Picture[]> {
  const files = (await listFiles(clipArtFolder)).filter(
    (file) => file.endsWith('.png') && !unwantedClipArt.test(file),
  )
  const authors = commonEndings(files)
  return files.flatMap((file) => {
    const name = leadingWords(withoutAuthor(file, authors), isWord)
    if (name.length < 3) return []
    const described = describeFile('clip-art', clipArtFolder, file)
    return [{ ...described, concept: name, name, aliases: [], keywords: [] }]
  })
}

function describeFile(
  collection: 'stamps' | 'clip-art',
  folder: string,
  file: string,
): Pick<Picture, 'id' | 'collection' | 'image' | 'kinds'> {
  const folders = file.split('/').slice(0, -1)
  return {
    id: `${collection}/${file}`,
    collection,
    image: { path: join(folder, file) },
    kinds: [...new Set(folders.flatMap((name) => folderKinds[name] ?? []))],
  }
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}

/** "A bus. It is big." as ["bus", "it is big"]: the article says nothing. */
function sentences(line: string): string[] {
  return line
    .split(/[.!?]+\s*/)
    .map((sentence) => plainWords(sentence).replace(/^(an?|the) /, ''))
    .filter((sentence) => sentence.length > 1)
}

function fileWords(path: string): string {
  const base = path.slice(path.lastIndexOf('/') + 1).replace(/\.[a-z]+$/, '')
  const spaced = base.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[0-9]+/g, ' ')
  return plainWords(spaced)
}

/** Clip art is named "subject_author_number": an ending of two words that many subjects share. */
function commonEndings(files: readonly string[]): ReadonlySet<string> {
  const subjects = new Map<string, Set<string>>()
  for (const file of files) {
    const words = fileWords(file).split(' ')
    for (const count of [1, 2, 3]) {
      if (words.length <= count) continue
      const ending = words.slice(-count).join(' ')
      const known = subjects.get(ending) ?? new Set()
      subjects.set(ending, known.add(words[0]!))
    }
  }
  const least = [0, 12, 5, 3]
  return new Set(
    [...subjects].flatMap(([ending, firsts]) =>
      firsts.size >= least[ending.split(' ').length]! ? [ending] : [],
    ),
  )
}

function withoutAuthor(file: string, endings: ReadonlySet<string>): string {
  let words = fileWords(file).split(' ')
  for (let cut = true; cut && words.length > 1; ) {
    const count = [3, 2, 1].find((n) => words.length > n && endings.has(words.slice(-n).join(' ')))
    cut = count !== undefined
    if (count !== undefined) words = words.slice(0, -count)
  }
  return words.filter((word) => word.length > 1).join(' ')
}

function leadingWords(name: string, isWord: (word: string) => boolean): string {
  const words = name.split(' ')
  const end = words.findIndex((word) => !isWord(word) && !joiningWords.has(word))
  return (end < 0 ? words : words.slice(0, end)).join(' ')
}

/** Words that WordNet leaves out, as they name nothing. */
const joiningWords = new Set(['of', 'with', 'and', 'the', 'for', 'from'])
