/**
 * `npm run train:starter`: fetches what is missing, computes features, trains the members, joins them
 * and writes models/starter. Broken off, it goes on where it was.
 *
 * `-- --member 2` trains that one alone and prints its held-out figures; with `--threads 1` it leaves
 * other cores to another: two at a time are a third quicker than one after the other. `--validation`
 * holds other pictures out, to choose settings by, and writes no model; `--epochs 12` is quicker for
 * that. `--only clip-art,flat-color-icons` trains on these collections alone, and `--out` writes the
 * model into another folder.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { isAppError } from '../../shared/errors.js'
import { joinStarter } from './assemble/joinStarter.js'
import { languages } from './corpus/translations.js'
import { describeFigures, type Figure } from './evaluation/describeFigures.js'
import { type Embedders, listHeldOutSets, measureHeldOut } from './evaluation/heldOutFigures.js'
import { embedInRows, embedJointly } from './evaluation/jointEmbedders.js'
import { stepEmbedders } from './evaluation/stepEmbedders.js'
import { type FeatureReader, joinFeatures, openFeatures } from './features/featureStore.js'
import { fetchData } from './fetchData.js'
import { starterFolder, workFolder } from './folders.js'
import { prepareData, type StarterData } from './prepareData.js'
import { heldOutVendor } from './split/assignParts.js'
import { starterArchitecture } from './training/architecture.js'
import { type Dataset, keepItems } from './training/dataset.js'
import { starterMembers, type TrainedTowers, trainTowers } from './training/trainTowers.js'

interface TrainOptions {
  /** Of each member, instead of what its settings say; null for those. */
  readonly epochs: number | null
  readonly validation: boolean
  /** Counted from 1; null for all, to be joined. */
  readonly member: number | null
  /** Collections to train on; null for all. */
  readonly only: readonly string[] | null
  /** Where the model is written; null for the starter's own folder, and for none of a single member. */
  readonly out: string | null
  /** 0 for all that there are. */
  readonly threads: number
}

function readOptions(): TrainOptions {
  const { values } = parseArgs({
    options: {
      member: { type: 'string' },
      only: { type: 'string' },
      out: { type: 'string' },
      validation: { type: 'boolean', default: false },
      epochs: { type: 'string' },
      threads: { type: 'string', default: '0' },
    },
  })
  const count = z.coerce.number().int().nonnegative()
  const some = count.min(1)
  const member = some.max(starterMembers.length).optional().parse(values.member)
  if (values.only !== undefined && values.out === undefined) {
    throw new Error('--only needs --out: what it makes is not the starter')
  }
  return {
    only: values.only?.split(',') ?? null,
    out: values.out ?? null,
    epochs: some.optional().parse(values.epochs) ?? null,
    validation: values.validation,
    member: member ?? null,
    threads: count.parse(values.threads),
  }
}

async function trainStarter(print: (line: string) => void, signal: AbortSignal): Promise<void> {
  const options = readOptions()
  await fetchData(print, signal)
  const { member, validation, only, out } = options
  const whole = await prepareData({ validation, report: print, signal })
  const data = only === null ? whole : { ...whole, dataset: keepCollections(whole, only) }
  const all = starterMembers.map((_, i) => i + 1)
  const trained: TrainedTowers[] = []
  const figuresOfMembers: Figure[][] = []
  const embedders: Embedders[] = []
  try {
    for (const number of member === null ? all : [member]) {
      print(`Member ${number}:`)
      const towers = await trainMember(number, options, data, { print, signal })
      trained.push(towers)
      embedders.push(embeddersOf(towers, data))
      figuresOfMembers.push(await measure(embedders.at(-1)!, data, print))
    }
    if (member !== null && out === null) return
    print('Joined:')
    const joined = await joinStarter(trained, embedders, data)
    const figures = await measure(
      embedJointly(embedInRows(embedders), joined.directions),
      data,
      print,
    )
    if (validation) return
    const members = trained.map(({ settings }, i) => {
      return { ...settings, heldOut: metricsByKey(figuresOfMembers[i]!) }
    })
    const report = {
      ...describeTraining(data, trained),
      members,
      heldOut: metricsByKey(figures),
    }
    const folder = out ?? starterFolder
    const id = await joined.write(folder, workFolder, report)
    print(`The starter ${id} is in ${folder}`)
  } finally {
    for (const { step } of trained) await step.dispose()
  }
}

/** @throws Error for a collection that has no pictures to train on */
function keepCollections({ dataset, pictures }: StarterData, only: readonly string[]): Dataset {
  const kept = keepItems(dataset, (feature) => only.includes(pictures[feature]?.collection ?? ''))
  const there = new Set(kept.items.map(({ feature }) => pictures[feature]!.collection as string))
  const missing = only.filter((collection) => !there.has(collection))
  if (missing.length === 0) return kept
  throw new Error(`no pictures to train on in: ${missing.join(', ')}`)
}

interface Surroundings {
  readonly print: (line: string) => void
  readonly signal: AbortSignal
}

async function trainMember(
  member: number,
  { epochs, validation, threads, only }: TrainOptions,
  data: StarterData,
  { print, signal }: Surroundings,
): Promise<TrainedTowers> {
  const { vocabulary, dataset } = data
  const settings = starterMembers[member - 1]!
  const kind = validation ? 'validation' : 'training'
  const run = [kind, ...(only ?? []), settings.seed].join('-')
  return trainTowers({
    architecture: architectureOf(data),
    dataset,
    features: readerOf(data),
    vocabulary,
    settings: { ...settings, epochs: epochs ?? settings.epochs },
    threads,
    progressPath: join(workFolder, `${run}.progress`),
    signal,
    onEvent: (event) => {
      if (event.type !== 'step' || event.step % printEvery !== 0) return
      const { step, epoch, loss, pairsPerSecond, etaSeconds } = event
      const scale = event.logitScale?.toFixed(1) ?? 'none'
      print(
        `step ${step}, epoch ${epoch.toFixed(1)}: loss ${loss.toFixed(3)}, scale ${scale}, ` +
          `${pairsPerSecond.toFixed(0)} pairs/s, ${Math.round(etaSeconds)} s to go`,
      )
    },
  })
}

const printEvery = 10

function architectureOf({ vocabulary: { tokenizer, tokenEmbedding } }: StarterData) {
  const { vocabSize } = tokenizer
  return starterArchitecture(vocabSize, tokenEmbedding.length / vocabSize)
}

function readerOf({ features, pictures }: StarterData): FeatureReader {
  const { folder, scenes, scenesFolder, roundsFolder } = features
  const others = joinFeatures(openFeatures(scenesFolder), scenes.length, openFeatures(roundsFolder))
  return joinFeatures(openFeatures(folder), pictures.length, others)
}

function embeddersOf({ step, architecture }: TrainedTowers, data: StarterData): Embedders {
  const { tokenizer } = data.vocabulary
  return stepEmbedders(step, readerOf(data), tokenizer, architecture.embeddingDim)
}

async function measure(
  embedders: Embedders,
  { pictures, parts }: StarterData,
  print: Surroundings['print'],
): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const set of listHeldOutSets(pictures, parts)) {
    figures.push({ set, metrics: await measureHeldOut(set, pictures, embedders) })
  }
  print(describeFigures(figures))
  return figures
}

function describeTraining(
  { manifest, duplicates, renamed, dataset, pictures, setAside }: StarterData,
  members: readonly TrainedTowers[],
): Record<string, unknown> {
  return {
    splitManifest: manifest,
    heldOutVendor,
    ...countTrained(dataset, pictures),
    languages: ['en', ...languages],
    captions: dataset.captions.length,
    nearDuplicatesLeftOut: duplicates.length,
    renamedIconsLeftOut: renamed.map(({ id, concept }) => `${id} (${concept})`),
    heldOutConceptsByOtherHands: setAside.length,
    steps: members.reduce((sum, { steps }) => sum + steps, 0),
    seconds: Math.round(members.reduce((sum, { seconds }) => sum + seconds, 0)),
  }
}

function metricsByKey(figures: readonly Figure[]) {
  return Object.fromEntries(figures.map(({ set, metrics }) => [set.key, metrics]))
}

/** Scenes come after the pictures. */
function countTrained({ items }: Dataset, { length }: StarterData['pictures']) {
  const trained = [...new Set(items.map(({ feature }) => feature))]
  const pictures = trained.filter((feature) => feature < length).length
  return { pictures, scenes: trained.length - pictures }
}

const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort())
trainStarter((line) => process.stdout.write(`${line}\n`), interrupted.signal).catch(
  (error: unknown) => {
    process.stderr.write(`${isAppError(error) ? error.message : String(error)}\n`)
    process.exitCode = 1
  },
)
