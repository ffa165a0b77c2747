/** Words for things that can be seen, from a dependency's key words. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { z } from 'zod'

const keywordsSchema = z.record(z.string(), z.array(z.string()))

/** Key words of signs, flags, gestures and moods rather than of things. */
const rowsLeftOut = new Set(
  `nation blue-square purple-square orange-square red-square green-square black-square zodiac arrow
  direction punctuation clock kanji ideograph oclock o’clock gesture geometric shape symbol squared
  indicator unified astrology affection currency math digit gender accessibility prohibited forbidden
  comic`.split(/\s+/),
)

/** Words that no picture shows, or that say nothing of it. */
const wordsLeftOut = new Set(
  `ability above accept accessories accessory accident accommodation accomodation activity address
  advice affection agree agreement aid alert amazing amount ancient animal announcement answer
  appetizer approve aspect assets assembly attendant attraction audio aware awareness awesome bad
  balance ban basic beat betting between big birth bit body boring born brand break bright broken
  business busy buy call calling care career casual cause chance change character chat cheers chill
  classy clean click closed clue comment communication compact competition condition congrats
  congratulations contest control cool correct count create creativity crime culture curious cute
  cut cycle damage danger dating dead deal deaf death decoration decorative delicious delivery
  department design desire dict disaster disease dislike done doubt down dream drop dupe early earth
  east education effect energy enforcement engaged enter enterprise entertainment entrance
  environment error event evidence evil exit expendable experience experiment express extinct
  extinction fail failure faith faithful fall falling family fantasy fashion fast favorite fear fed
  feature find first fix flow forever formal friend friendship front fun funny future game global
  good goodbye great grow growth handy happy hard harm hate head health healthcare healthy heavy
  hello help here hidden high history hit hobby hold home honor hope hopeful hot human idea idle ill
  important improve in incoming increase industry info information infinity innocent insert
  intelligent international invest irony japanese job joy justice kids kind knowledge large late law
  lead league learn left legal liberty life like link little live local localization lost loud love
  low lower luck lucky magical maintainer make male manage mark material mean measure medium meeting
  meaning message metrics middle milestone mini moment mood more move moving multiple mute myth name
  nature new news next nice noise noisy normal notes nothing number obsolete off offer official ohyeah
  okay old one open optical order organ organizing original other out outgoing over overall pair
  part partly pass passenger past peace perfect performance permanent personal photo pick piece
  place plan planning play playful playing point politics poor positive power present press pretend
  pretty prevent price primary privacy private professional program progress promise proof propose
  proper prosper protect protection proud public pure purchase push quality quick quiet random read
  ready receive recovery reduce regardless regular relax remove repair request research resort
  resources respectful responsive rest result reversed rich right rip rise rude safety salary sale
  sales sane save schedule science scene search second secret secure security see select selling
  send sense sent serious serve service set shake share sharp shining shop shopping short show sick
  side sight sign signal silence silent simple single size skill skills slow sly small smallest
  smart smell soft solid sorry sound special speed spent spin standard state stats step stop
  strength strike strong structure study style subscription success suffer summer superpower
  superpowers support surprise surprised suspicious sweet system take talent talk taste team
  technology temperature ten test text thanks theme there thing thinking third three tidy time tiny
  tired tone tool tools top tracking training transport transportation travel trend trouble turn two
  type ultimate unbounded under undead union universal unlucky unspecified up upon upper upset
  usability usa useless user users vacation value vehicle victory view violence volume vote voting
  wait wake want war warm warning watch way wealth weapon wear wearing web weight welcome west wide
  wild wildcard win winner winners winning wise wish wishes witness women words work working world
  worship wow yay year yes you young zag zap zig zoom`.split(/\s+/),
)

/** "woman_surfing" is about surfing. */
const people = /^(person|man|men|woman|women|people|mx|mrs) (in |with |getting )?(?=\p{L})/u
/** Names of one sign among others rather than of a thing. */
const contrived = / (behind|facing|not|of|on|with|without) |^(cloud|face|oncoming|page) /
/** One to three words of letters. */
const plain = /^\p{L}{3,}([ -]\p{L}{2,}){0,2}$/u

let known: Promise<readonly string[]> | undefined

/** Some three thousand words, each once. */
export function readVocabulary(): Promise<readonly string[]> {
  known ??= readWords()
  return known
}

async function readWords(): Promise<readonly string[]> {
  const path = createRequire(import.meta.url).resolve('emojilib/dist/emoji-en-US.json')
  const rows = Object.values(keywordsSchema.parse(JSON.parse(await readFile(path, 'utf8'))))
  const words = rows
    .filter(isOfThings)
    .flat()
    .map((word) => word.toLowerCase().replaceAll('_', ' ').replace(people, ''))
  return [...new Set(words)].filter(
    (word) => plain.test(word) && !contrived.test(word) && !wordsLeftOut.has(word),
  )
}

function isOfThings(row: readonly string[]): boolean {
  const [name = ''] = row
  if (row.some((word) => rowsLeftOut.has(word))) return false
  const isCreature = row.includes('animal') || row.includes('nature')
  return isCreature || !(row.includes('face') || /_face$|^flag_|_symbol$|_button$/.test(name))
}
