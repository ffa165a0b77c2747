/** How well relevance is calibrated, beside the best that a fixed line through the cosine can do. */
import { z } from 'zod'
import type { Benchmark, Row } from './benchmark.js'
import {
  type CaptionedPicture,
  type CaptionedPictures,
  encodeCaptionedPictures,
} from './captionedPictures.js'
import {
  areaUnderRoc,
  type LibraryOutcomes,
  measureLibrary,
  type Outcome,
} from './measureCalibration.js'

const settingsSchema = z.strictObject({
  queries: z.coerce.number().int().min(20).default(500),
})

export const calibrationBenchmark: Benchmark = {
  name: 'calibration',
  describe:
    'Names of the sample collection’s pictures as queries, by the model that ships and without full text. "present": the share of queries with a match that are answered "matches", and wrongly "nothing". "absent": the same queries without any photo that shares a word with their matches, answered rightly "nothing", and wrongly "matches"; "nonsense": words of no language and things without a picture. AUC: matching against unrelated photos over all queries, and the best photo of present against absent queries. "fixed": the one cosine that tells present from absent queries best over all these libraries, chosen with hindsight, and the share of both that it gets right; beside it the share for relevance at its line. "other range": the same vectors bent into a cone, as by a model trained otherwise.',
  async run(settings) {
    const { queries } = settingsSchema.parse(settings)
    const collection = await encodeCaptionedPictures()
    try {
      const measured: [string, number, LibraryOutcomes][] = []
      for (const [name, pictures] of librariesOf(collection.pictures)) {
        measured.push([name, pictures.length, await measureLibrary(collection, pictures, queries)])
      }
      const line = bestLine(measured.map(([, , outcomes]) => outcomes))
      const other = inOtherRange(collection)
      const outcomes = await measureLibrary(other, other.pictures, queries)
      measured.push(['everything, other range', other.pictures.length, outcomes])
      const rows = measured.map(([name, photos, outcomes]) =>
        describe(name, photos, outcomes, line),
      )
      return { parameters: { queries, model: 'starter', 'fixed cosine': line }, rows }
    } finally {
      await collection.dispose()
    }
  },
}

/**
 * The same pictures and words by a model that would give the same order, but whose cosines lie
 * between 0.01 and 0.51, as those of models trained otherwise do: all its vectors lie in a cone.
 */
function inOtherRange({ pictures, dim, embed }: CaptionedPictures) {
  const intoCone = (vector: Float32Array, ...ends: [number, number]) =>
    Float32Array.from([...vector.map((value) => value / 2), ...ends])
  const textEnd = 0.3
  return {
    dim: dim + 2,
    pictures: pictures.map(({ captions, vector }) => ({
      captions,
      vector: intoCone(vector, Math.sqrt(0.75), 0),
    })),
    async embed(texts: readonly string[]) {
      const rows = await embed(texts)
      const all = new Float32Array(texts.length * (dim + 2))
      texts.forEach((_, i) => {
        const vector = rows.subarray(i * dim, (i + 1) * dim)
        all.set(intoCone(vector, textEnd, Math.sqrt(0.75 - textEnd ** 2)), i * (dim + 2))
      })
      return all
    },
  }
}

/** The whole collection, parts of it, and libraries that are about one thing. */
function librariesOf(
  pictures: readonly CaptionedPicture[],
): [string, readonly CaptionedPicture[]][] {
  const each = (step: number) => pictures.filter((_, i) => i % step === 0)
  const about = (pattern: RegExp) =>
    pictures.filter(({ captions }) => captions.some((caption) => pattern.test(caption)))
  return [
    ['everything', pictures],
    ['one in 5', each(5)],
    ['one in 30', each(30)],
    ['animals', about(/\b(animal|bug|nature)\b/)],
    ['food', about(/\b(food|fruit|drink)\b/)],
    ['people', about(/\b(man|woman|person)\b/)],
    ['sport', about(/\b(sport|ball|game)s?\b/)],
  ]
}

function describe(
  library: string,
  photos: number,
  { present, absent, nonsense, pairs }: LibraryOutcomes,
  line: number,
): Row {
  const matches = pairs.filter(({ isMatch }) => isMatch)
  const others = pairs.filter(({ isMatch }) => !isMatch)
  const pairAuc = (value: (pair: (typeof pairs)[number]) => number) =>
    areaUnderRoc(matches.map(value), others.map(value))
  const queryAuc = (value: (outcome: Outcome) => number) =>
    areaUnderRoc(present.map(value), absent.map(value))
  return {
    library,
    photos,
    queries: present.length,
    'present: matches': share(present, 'matches'),
    'present: nothing': share(present, 'nothing'),
    'absent: nothing': share(absent, 'nothing'),
    'absent: matches': share(absent, 'matches'),
    'nonsense: nothing': share(nonsense, 'nothing'),
    'nonsense: matches': share(nonsense, 'matches'),
    'AUC photos, cosine': pairAuc(({ cosine }) => cosine),
    'AUC photos, relevance': pairAuc(({ relevance }) => relevance),
    'AUC queries, cosine': queryAuc(({ topCosine }) => topCosine),
    'AUC queries, relevance': queryAuc(({ topRelevance }) => topRelevance),
    'right, fixed': rightShare({ present, absent }, ({ topCosine }) => topCosine >= line),
    'right, relevance': rightShare({ present, absent }, ({ topRelevance }) => topRelevance >= 0.5),
  }
}

function share(outcomes: readonly Outcome[], verdict: Outcome['verdict']): number {
  return outcomes.filter((outcome) => outcome.verdict === verdict).length / outcomes.length
}

type Told = Pick<LibraryOutcomes, 'present' | 'absent'>

/** Mean of the shares of present and of absent queries that are told rightly. */
function rightShare({ present, absent }: Told, isFound: (outcome: Outcome) => boolean): number {
  const found = present.filter(isFound).length / present.length
  const notFound = absent.filter((outcome) => !isFound(outcome)).length / absent.length
  return (found + notFound) / 2
}

/** The cosine that tells best on the mean of the libraries. */
function bestLine(libraries: readonly Told[]): number {
  const lines = Array.from({ length: 101 }, (_, i) => i / 100)
  const right = lines.map((line) =>
    libraries.reduce(
      (sum, told) => sum + rightShare(told, ({ topCosine }) => topCosine >= line),
      0,
    ),
  )
  return lines[right.indexOf(Math.max(...right))]!
}
