/**
 * `npm run train:starter`: fetches what is missing, computes features, trains, writes models/starter.
 *
 * `-- --seed 2` trains from another seed; with `--figures-only` it prints the held-out figures and
 * leaves models/starter alone, to tell how much seeds differ. `--validation` does so with other
 * pictures held out, to choose settings by, and `--epochs 12` is quicker for that. `--threads 1` leaves other cores to
 * another run: two at a time are a third quicker than one after the other.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { isAppError } from '../../shared/errors.js'
import { writeStarter } from './assemble/writeStarter.js'
import { languages } from './corpus/translations.js'
import { describeFigures, type Figure } from './evaluation/describeFigures.js'
import { listHeldOutSets, measureHeldOut } from './evaluation/heldOutFigures.js'
import { stepEmbedders } from './evaluation/stepEmbedders.js'
import { joinFeatures, openFeatures } from './features/featureStore.js'
import { fetchData } from './fetchData.js'
import { starterFolder, workFolder } from './folders.js'
import { prepareData, type StarterData } from './prepareData.js'
import { heldOutVendor } from './split/assignParts.js'
import { starterArchitecture } from './training/architecture.js'
import type { Dataset } from './training/dataset.js'
import {
  type StarterSettings,
  starterSettings,
  type TrainedTowers,
  trainTowers,
} from './training/trainTowers.js'

interface TrainOptions {
  readonly settings: StarterSettings
  readonly validation: boolean
  readonly figuresOnly: boolean
  /** 0 for all that there are. */
  readonly threads: number
}

function readOptions(): TrainOptions {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(starterSettings.seed) },
      'figures-only': { type: 'boolean', default: false },
      validation: { type: 'boolean', default: false },
      epochs: { type: 'string', default: String(starterSettings.epochs) },
      threads: { type: 'string', default: '0' },
    },
  })
  const count = z.coerce.number().int().nonnegative()
  return {
    settings: {
      ...starterSettings,
      seed: count.parse(values.seed),
      epochs: count.min(1).parse(values.epochs),
    },
    validation: values.validation,
    figuresOnly: values['figures-only'] || values.validation,
    threads: count.parse(values.threads),
  }
}

async function trainStarter(print: (line: string) => void, signal: AbortSignal): Promise<void> {
  const { settings, validation, figuresOnly, threads } = readOptions()
  await fetchData(print, signal)
  const data = await prepareData({ validation, report: print, signal })
  const { vocabulary, dataset, features } = data
  const { tokenizer, tokenEmbedding } = vocabulary
  const { vocabSize } = tokenizer
  const architecture = starterArchitecture(vocabSize, tokenEmbedding.length / vocabSize)
  const reader = joinFeatures(
    openFeatures(features.folder),
    data.pictures.length,
    openFeatures(features.scenesFolder),
  )
  const run = `${validation ? 'validation' : 'training'}-${settings.seed}`
  const trained = await trainTowers({
    architecture,
    dataset,
    features: reader,
    vocabulary,
    settings,
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
  const embedders = stepEmbedders(trained.step, reader, tokenizer, architecture.embeddingDim)
  const figures: Figure[] = []
  for (const set of listHeldOutSets(data.pictures, data.parts)) {
    figures.push({ set, metrics: await measureHeldOut(set, data.pictures, embedders) })
  }
  print(describeFigures(figures))
  if (figuresOnly) return trained.step.dispose()
  const id = await writeStarter(starterFolder, workFolder, {
    trained,
    architecture,
    vocabulary,
    statistics: features.statistics,
    trainingReport: describeTraining(data, settings, trained, figures),
  })
  await trained.step.dispose()
  print(`The starter ${id} is in ${starterFolder}`)
}

const printEvery = 10

function describeTraining(
  { manifest, duplicates, renamed, dataset, setAside, features }: StarterData,
  settings: StarterSettings,
  { steps, seconds }: TrainedTowers,
  figures: readonly Figure[],
): Record<string, unknown> {
  return {
    settings,
    splitManifest: manifest,
    heldOutVendor,
    pictures: countPictures(dataset) - features.scenes.length,
    scenes: features.scenes.length,
    languages: ['en', ...languages],
    captions: dataset.captions.length,
    nearDuplicatesLeftOut: duplicates.length,
    renamedIconsLeftOut: renamed.map(({ id, concept }) => `${id} (${concept})`),
    heldOutConceptsByOtherHands: setAside.length,
    steps,
    seconds: Math.round(seconds),
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
