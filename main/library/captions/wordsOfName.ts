/** The words in the names of files and folders, without what cameras, phones and tools write. */

/** Patterns of whole names that say nothing, removed before the name is split into words. */
const meaninglessParts = [
  // UUIDs, and hashes: long hexadecimal numbers with at least one digit.
  /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi,
  /(?<![\p{L}\p{N}])(?=[a-f]*\d)[0-9a-f]{8,}(?![\p{L}\p{N}])/giu,
  // Dates, with a time if there is one.
  /(?<!\d)(?:19|20)\d\d([-_. ]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?!\d)(?:[-_ T.]*(?:at )?\d\d[-_.:]?\d\d[-_.:]?\d\d\d*)?/g,
  /(?<!\d)(?:0?[1-9]|[12]\d|3[01])([-.])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d(?!\d)/g,
  // Names that cameras, phones and messengers give.
  /(?<![\p{L}\p{N}])(?:IMG|DSC[NF]?|_?DSC|PXL|MVI|MOV|VID|GOPR|GP|DJI|SAM|CIMG|PICT|P|WA|FB_IMG|BURST|PANO|HPIM|KIF|IMAG|SNAP)[-_ ]?\d{3,}/giu,
  /whatsapp[-_ ]?image|screen[-_ ]?shot|bildschirmfoto/gi,
]

/** Words that stand in a name without telling what the picture shows. */
const meaninglessWords = new Set(
  `img dsc pxl mvi vid dji pano wa fb untitled unnamed thumbnail copy copia kopie edited bearbeitet
  jpg jpeg png gif webp heic tiff`.split(/\s+/),
)
/** Words that tell nothing by themselves, but do beside others ("picture frame"). */
const vagueWords = new Set(
  'image images photo photos picture pictures pic pics scan file download unknown'.split(' '),
)

/** Folders that are named after what made or uses them. */
const meaninglessFolders =
  /^(?:dcim|\d{3}[a-z_]{3,8}|camera( roll)?|downloads?|desktop|documents?|albums?|all|misc|other|data|dataset|train|test|val|validation|new folder|pictures?|photos?|images?|bilder|fotos?)$/i

/** Words of a file's name without its ending, such as "red circle"; empty if it has none. */
export function wordsOfName(stem: string): string {
  let name = stem.normalize('NFC')
  for (const pattern of meaninglessParts) name = name.replace(pattern, ' ')
  const words = splitWords(name).filter((word) => !meaninglessWords.has(word.toLowerCase()))
  while (isNumber(words.at(-1))) words.pop()
  const told = words.filter((word) => !/^\d{3,}$/.test(word))
  const telling = told.some((word) => isWord(word) && !vagueWords.has(word.toLowerCase()))
  return telling ? told.join(' ') : ''
}

/** Words of the nearest folder that tells anything; `folders` from the outermost inwards. */
export function wordsOfFolders(folders: readonly string[]): string {
  for (const folder of folders.toReversed()) {
    if (meaninglessFolders.test(folder.trim())) continue
    const words = wordsOfName(folder)
    if (words !== '') return words
  }
  return ''
}

/** Splits at punctuation and at changes of case, and takes numbers off the ends of words. */
function splitWords(name: string): string[] {
  return name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/(\p{L}{3,})(\d+)(?![\p{L}\p{N}])/gu, '$1 $2')
    .split(/[^\p{L}\p{M}\p{N}'’]+/u)
    .filter((word) => word !== '')
}

function isNumber(word: string | undefined): boolean {
  return word !== undefined && /^\d+$/.test(word)
}

/** Whether a word can mean something by itself: two letters, or one of a script without spaces. */
function isWord(word: string): boolean {
  return /\p{L}[\p{L}\p{M}'’]|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(word)
}
