/** Ranking and calibrated relevance, on similarities whose truth is known. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Gallery } from '../../../../main/library/gallery.js'
import { packNumbers } from '../../../../main/platform/packNumbers.js'
import { calibrate, relevanceOf } from '../../../../main/search/ranking/calibration.js'
import {
  type RankRequest,
  rankPhotos,
  textRelevance,
} from '../../../../main/search/ranking/rankPhotos.js'
import { sortFalling, sortRising } from '../../../../main/search/ranking/sortPlaces.js'
import { unpack } from '../../../../shared/domain/packed.js'
import { uniform } from '../../../support/random.js'

/** Numbers that are spread normally. */
function normal(seed: number): () => number {
  const random = uniform(seed)
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Photos come in series that are alike; large libraries show more of the same things. */
const lengthOfSeries = (photos: number) => Math.max(20, photos / 300)

/**
 * What a model whose similarities lie at `base` with `deviation` gives: most photos do not match,
 * the first ones lie `lift` deviations higher.
 */
function similaritiesOf(
  photos: number,
  matches: number,
  lift: number,
  { seed = 1, base = 0.2, deviation = 0.03 } = {},
) {
  const next = normal(seed)
  const seriesLength = lengthOfSeries(photos)
  const series = Array.from({ length: Math.ceil(photos / seriesLength) }, next)
  const own = Float32Array.from({ length: photos }, (_, i) => {
    const luck = 0.9 * series[Math.floor(i / seriesLength)]! + 0.3 * next()
    return base + deviation * (i < matches ? lift + 0.5 * next() : luck)
  })
  return { wanted: { own, means: new Float32Array(photos).fill(base), deviation }, unwanted: [] }
}

function strongOf(similarities: ReturnType<typeof similaritiesOf>): number {
  const { standings, line } = calibrate(similarities)
  return standings.filter((standing) => relevanceOf(standing, line) >= 0.5).length
}

test.each([5, 50, 1_000, 30_000])(
  'of %i photos without a match, seldom is one called strong',
  (photos) => {
    const seeds = Array.from({ length: 40 }, (_, i) => i + 1)
    const wrong = seeds.filter((seed) => strongOf(similaritiesOf(photos, 0, 0, { seed })) > 0)
    expect(wrong.length).toBeLessThan(15)
  },
)

test.each([
  [6, 1],
  [50, 2],
  [1_000, 3],
  [30_000, 20],
  [1_000, 500],
  [30_000, 15_000],
])('of %i photos %i that stand out are told from the others', (photos, matches) => {
  const strong = strongOf(similaritiesOf(photos, matches, 7))
  expect(strong).toBeGreaterThan(0.7 * matches)
  expect(strong).toBeLessThan(1.3 * matches + 1)
})

test('the range of a model makes no difference', () => {
  const one = calibrate(similaritiesOf(500, 5, 6))
  const other = calibrate(similaritiesOf(500, 5, 6, { base: -0.05, deviation: 0.11 }))
  expect(other.line).toBeCloseTo(one.line, 3)
  expect([...other.order.subarray(0, 5)]).toEqual([...one.order.subarray(0, 5)])
  expect(other.standings[0]).toBeCloseTo(one.standings[0]!, 2)
})

test('photos without an embedding disturb nothing', () => {
  const { wanted } = similaritiesOf(500, 5, 6)
  const before = calibrate({ wanted, unwanted: [] })
  const gaps = (values: Float32Array) =>
    Float32Array.from([...values, ...Array<number>(50).fill(Number.NaN)])
  const after = calibrate({
    wanted: { ...wanted, own: gaps(wanted.own), means: gaps(wanted.means) },
    unwanted: [],
  })
  expect(after.line).toBe(before.line)
  expect([...after.order.subarray(0, 500)]).toEqual([...before.order])
  expect(
    calibrate({
      wanted: { ...wanted, own: gaps(new Float32Array()), means: gaps(new Float32Array()) },
      unwanted: [],
    }).possible,
  ).toBe(false)
})

/** Photos 10, 20, 30, ... of which each next one was taken later. */
function galleryOf(length: number): Gallery {
  const column = (value: (place: number) => number) => {
    const numbers = new Uint32Array(new SharedArrayBuffer(4 * length))
    numbers.forEach((_, place) => {
      numbers[place] = value(place)
    })
    return numbers
  }
  return {
    ids: column((place) => 10 * (place + 1)),
    ratios: column(() => 100),
    seconds: new Float64Array(new SharedArrayBuffer(8 * length)),
    newest: column((place) => length - 1 - place),
  }
}

const request: RankRequest = {
  order: 'relevance',
  allow: null,
  leaveOut: [],
  hits: [],
  looksFor: true,
}

test('a photo whose words say it is a match, whatever it looks like, and both together come first', () => {
  const gallery = galleryOf(200)
  const similarities = () => similaritiesOf(200, 3, 6)
  const hits = [{ ids: Uint32Array.of(2000, 20), relevance: textRelevance }]
  const { places, relevances, strong, verdict } = rankPhotos(gallery, similarities(), {
    ...request,
    hits,
  })
  expect(places[0]).toBe(1)
  expect([...places.subarray(0, 4)].sort((a, b) => a - b)).toEqual([0, 1, 2, 199])
  expect(relevances[199]).toBeGreaterThan(0.85)
  expect({ strong, verdict }).toEqual({ strong: 4, verdict: 'matches' })
  const onlyText = rankPhotos(gallery, null, { ...request, hits })
  expect([...onlyText.places.subarray(0, 2)]).toEqual([199, 1])
  expect(onlyText).toMatchObject({ strong: 2, verdict: 'matches' })
})

test('of several lists, photos in more of them come first, and what speaks weakly makes no match', () => {
  const gallery = galleryOf(200)
  const byText = { ids: Uint32Array.of(500, 600), relevance: textRelevance }
  const byObjects = { ids: Uint32Array.of(700, 600), relevance: 0.3 }
  const { places, relevances, strong } = rankPhotos(gallery, null, {
    ...request,
    hits: [byText, byObjects],
  })
  expect([...places]).toEqual([59, 49, 69])
  expect(strong).toBe(2)
  expect(relevances[59]).toBeCloseTo(1 - 0.1 * 0.7, 5)
  expect(relevances[69]).toBeCloseTo(0.3, 5)
})

test('filters take photos out and change nothing about the others', () => {
  const gallery = galleryOf(200)
  const all = rankPhotos(gallery, similaritiesOf(200, 3, 6), request)
  const allow = Uint32Array.of(10, 500, 1000, 99_999)
  const some = rankPhotos(gallery, similaritiesOf(200, 3, 6), { ...request, allow })
  expect([...some.places]).toEqual([...all.places].filter((place) => [0, 49, 99].includes(place)))
  expect(some.relevances).toEqual(all.relevances)
  expect(some.strong).toBe(1)
  const none = rankPhotos(gallery, similaritiesOf(200, 3, 6), {
    ...request,
    allow: Uint32Array.of(500),
  })
  expect(none.verdict).not.toBe('matches')
})

test('in order of date the strong come first', () => {
  const gallery = galleryOf(100)
  const newest = rankPhotos(gallery, similaritiesOf(100, 3, 7), { ...request, order: 'newest' })
  expect([...newest.places.subarray(0, 5)]).toEqual([2, 1, 0, 99, 98])
  const oldest = rankPhotos(gallery, similaritiesOf(100, 3, 7), { ...request, order: 'oldest' })
  expect([...oldest.places.subarray(0, 5)]).toEqual([0, 1, 2, 3, 4])
  const filtersAlone = rankPhotos(gallery, null, { ...request, looksFor: false, order: 'oldest' })
  expect(filtersAlone).toMatchObject({ verdict: 'all', strong: 100 })
  expect(filtersAlone.places[0]).toBe(0)
})

test('places are sorted as a comparison would, and packed as clients unpack them', () => {
  const float = fc.float({ noDefaultInfinity: false })
  fc.assert(
    fc.property(fc.array(float), (values) => {
      const numbers = Float32Array.from(values)
      // -0 stands behind 0, as its bits do.
      const rank = (value: number) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value)
      const expected = [...numbers.keys()].sort((a, b) => {
        const [x, y] = [numbers[a]!, numbers[b]!]
        if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1
        const sign = (value: number) => Number(Object.is(value, -0))
        return rank(y) - rank(x) || sign(x) - sign(y) || a - b
      })
      expect([...sortFalling(numbers)]).toEqual(expected)
      const whole = Uint32Array.from(values, (value) => Math.abs(value))
      expect([...sortRising(whole)]).toEqual(
        [...whole.keys()].sort((a, b) => whole[a]! - whole[b]! || a - b),
      )
      expect(unpack(packNumbers(whole))).toEqual(whole)
    }),
  )
  const [short, long] = [Uint32Array.of(0, 65_535), Uint32Array.of(0, 65_536)]
  for (const numbers of [short, long]) expect(unpack(packNumbers(numbers))).toEqual(numbers)
  expect(packNumbers(short).length).toBeLessThan(packNumbers(long).length)
})
