/**
 * `npm run train:starter`: fetches what is missing, computes features, trains the members, joins them
 * and writes models/starter. Broken off, it goes on where it was.
 *
 * `-- --member 2` trains that one alone and prints its held-out figures; with `--threads 1` it leaves
 * other cores to another: two at a time are a third quicker than one after the other. `--validation`
 * holds other pictures out, to choose settings by, and writes no model; `--epochs 12` is quicker for
 * that.
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
import type { Dataset } from './training/dataset.js'
import { starterMembers, type TrainedTowers, trainTowers } from './training/trainTowers.js'

interface TrainOptions {
  /** Of each member, instead of what its settings say; null for those. */
  readonly epochs: number | null
  readonly validation: boolean
  /** Counted from 1; null for all, to be joined. */
  readonly member: number | null
  /** 0 for all that there are. */
  readonly threads: number
}

function readOptions(): TrainOptions {
  const { values } = parseArgs({
    options: {
      member: { type: 'string' },
      validation: { type: 'boolean', default: false },
      epochs: { type: 'string' },
      threads: { type: 'string', default: '0' },
    },
  })
  const count = z.coerce.number().int().nonnegative()
  const some = count.min(1)
  const member = some.max(starterMembers.length).optional().parse(values.member)
  return {
    epochs: some.optional().parse(values.epochs) ?? null,
    validation: values.validation,
    member: member ?? null,
    threads: count.parse(values.threads),
  }
}

async function trainStarter(print: (line: string) => void, signal: AbortSignal): Promise<void> {
  const options = readOptions()
  await fetchData(print, signal)
  const data = await prepareData({ validation: options.validation, report: print, signal })
  const { member, validation } = options
  const all = starterMembers.map((_, i) => i + 1)
  const trained: TrainedTowers[] = []
  const embedders: Embedders[] = []
  try {
    for (const number of member === null ? all : [member]) {
      print(`Member ${number}:`)
      const towers = await trainMember(number, options, data, { print, signal })
      trained.push(towers)
      embedders.push(embeddersOf(towers, data))
      await measure(embedders.at(-1)!, data, print)
    }
    if (member !== null) return
    print('Joined:')
    const joined = await joinStarter(trained, embedders, data)
    const figures = await measure(
      embedJointly(embedInRows(embedders), joined.directions),
      data,
      print,
    )
    if (validation) return
    const report = describeTraining(data, trained, figures)
    const id = await joined.write(starterFolder, workFolder, report)
    print(`The starter ${id} is in ${starterFolder}`)
  } finally {
    for (const { step } of trained) await step.dispose()
  }
}

interface Surroundings {
  readonly print: (line: string) => void
  readonly signal: AbortSignal
}

async function trainMember(
  member: number,
  { epochs, validation, threads }: TrainOptions,
  data: StarterData,
  { print, signal }: Surroundings,
): Promise<TrainedTowers> {
  const { vocabulary, dataset } = data
  const settings = starterMembers[member - 1]!
  const run = `${validation ? 'validation' : 'training'}-${settings.seed}`
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
  const scenes = openFeatures(features.scenesFolder)
  return joinFeatures(openFeatures(features.folder), pictures.length, scenes)
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
  { manifest, duplicates, renamed, dataset, setAside, features }: StarterData,
  members: readonly TrainedTowers[],
  figures: readonly Figure[],
): Record<string, unknown> {
  return {
    members: members.map(({ settings }) => settings),
    splitManifest: manifest,
    heldOutVendor,
    pictures: countPictures(dataset) - features.scenes.length,
    scenes: features.scenes.length,
    languages: ['en', ...languages],
    captions: dataset.captions.length,
    nearDuplicatesLeftOut: duplicates.length,
    renamedIconsLeftOut: renamed.map(({ id, concept }) => `${id} (${concept})`),
    heldOutConceptsByOtherHands: setAside.length,
    steps: members.reduce((sum, { steps }) => sum + steps, 0),
    seconds: Math.round(members.reduce((sum, { seconds }) => sum + seconds, 0)),
    heldOut: Object.fromEntries(figures.map(({ set, metrics }) => [set.key, metrics])),
  }
}

function countPictures({ items }: Dataset): number {
  return new Set(items.map(({ feature }) => feature)).size
}

const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort())
trainStarter((line) => process.stdout.write(`${line}\n`), interrupted.signal).catch(
  (error: unknown) => {
    process.stderr.write(`${isAppError(error) ? error.message : String(error)}\n`)
    process.exitCode = 1
  },
)
