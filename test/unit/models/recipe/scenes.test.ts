import { describe, expect, it } from 'vitest'
import type { Picture } from '../../../../models/recipe/corpus/picture.js'
import {
  countedPhrase,
  describeScene,
  isSceneThing,
  plural,
} from '../../../../models/recipe/corpus/sceneCaptions.js'
import { composeScenes, sceneCount } from '../../../../models/recipe/features/scenes.js'

const picture = (name: string, kinds: readonly string[]): Picture => ({
  id: `stamps/${name}`,
  collection: 'stamps',
  image: { svg: '' },
  concept: name,
  name,
  aliases: [],
  keywords: [],
  kinds,
})
const pictures = [
  picture('dog', ['an animal', 'a mammal']),
  picture('parrot', ['an animal', 'a bird']),
  picture('car', ['a vehicle']),
  { ...picture('lemon', ['a fruit']), collection: 'apple' as const },
]
const noWordNet = { hypernyms: () => [] }
const thing = (index: number, count = 1, colour: string | null = null) => ({
  picture: index,
  count,
  colour,
})
const textsOf = (things: ReturnType<typeof thing>[], ground: string | null = null) =>
  describeScene(
    { id: '', things, ground: ground === null ? null : { words: ground, photographs: [0] } },
    pictures,
    noWordNet,
  )

describe('describeScene', () => {
  it('tells what stands there, in which colours and where', () => {
    const { captions } = textsOf([thing(0), thing(2, 1, 'red')], 'in a forest')
    const texts = captions.map(({ text }) => text)
    expect(texts).toContain('a dog and a red car')
    expect(texts).toContain('a car and a dog')
    expect(texts).toContain('a dog and a red car in a forest')
  })

  it('counts', () => {
    expect(textsOf([thing(3, 3)]).captions.map(({ text }) => text)).toContain('three lemons')
    expect(textsOf([thing(0), thing(1)]).captions.map(({ text }) => text)).toContain('two animals')
    expect(textsOf([thing(0), thing(2)]).meanings).not.toContain('two animals')
  })

  it('is right for its things alone, and for both in either order', () => {
    const { captions, meanings } = textsOf([thing(0), thing(2)])
    expect(meanings).toEqual(expect.arrayContaining(['dog', 'car', 'vehicle']))
    const meaningOf = (text: string) => captions.find((caption) => caption.text === text)!.meaning
    expect(meaningOf('a dog and a car')).toBe(meaningOf('a car and a dog'))
  })
})

describe('scene words', () => {
  it.each([
    ['box', 'boxes'],
    ['cherry', 'cherries'],
    ['fish', 'fish'],
    ['toy', 'toys'],
    ['fireman', 'firemen'],
  ])('writes several of %s as %s', (one, several) => {
    expect(plural(one)).toBe(several)
    expect(countedPhrase(one, 2)).toBe(`two ${several}`)
  })

  it('lets only things with a body stand in scenes', () => {
    const body = { hypernyms: () => ['physical entity'] }
    expect(isSceneThing(picture('dog', []), body)).toBe(true)
    expect(isSceneThing(picture('dog', []), noWordNet)).toBe(false)
    expect(isSceneThing(picture('arrow', ['a symbol']), body)).toBe(false)
  })
})

describe('composeScenes', () => {
  const facts = pictures.map(() => ({ colour: 'red', thumbnail: '' }))

  it('puts together only what it may, the same each time', () => {
    const scenes = composeScenes(pictures, facts, [1, 3], new Map())
    expect(scenes).toHaveLength(sceneCount)
    const used = new Set(scenes.flatMap(({ things }) => things.map((t) => t.picture)))
    expect([...used].sort()).toEqual([1, 3])
    expect(composeScenes(pictures, facts, [1, 3], new Map())).toEqual(scenes)
  })
})
