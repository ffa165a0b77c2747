/** What each loss reaches in the same time on the same pictures. */
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { readTrainingPairs } from '../main/library/captions/readTrainingPairs.js'
import { writeSampleCollection } from '../main/library/sampleCollection.js'
import { type SplitPairs, workFolderOf, writeWorkFolder } from '../main/ml/training/workFolder.js'
import { splitPairs } from '../main/tuning/splitPairs.js'
import { type FinishedTraining, followRun } from '../main/tuning/trainerRun.js'
import { completeTrainingSpec, type TrainingChoices } from '../main/tuning/trainingDefaults.js'
import type { TrainingSpec } from '../shared/domain/training.js'
import type { Benchmark, Row } from './benchmark.js'
import { lossCases } from './lossCases.js'

const caseNames = Object.keys(lossCases)

const settingsSchema = z.strictObject({
  minutes: z.coerce.number().positive().default(0.5),
  /** Instead of minutes, where the machine has other work: as many passes for each. */
  epochs: z.coerce.number().positive().optional(),
  arch: z.string().default('tiny'),
  batch: z.coerce.number().int().positive().default(128),
  seed: z.coerce.number().int().default(1),
  /** Runs beside each other, each with an equal share of the cores. */
  together: z.coerce.number().int().positive().default(1),
  /** A folder with captions of its own; empty for the sample collection. */
  folder: z.string().default(''),
  /** Names of cases, parted by semicolons. */
  cases: z
    .string()
    .default(caseNames.join(';'))
    .transform((text) => text.split(';'))
    .pipe(z.array(z.enum(caseNames))),
})
type Settings = z.infer<typeof settingsSchema>

export const lossesBenchmark: Benchmark = {
  name: 'losses',
  describe:
    'Both encoders from nothing, once with each loss, for the same time (with `--set epochs=10` as many passes instead, for a machine with other work), on the same pictures with the same split, seed and learning rate; each loss with its own default options. Recall is of pictures that were held out, with near-duplicates kept together. So short a time tells that a loss learns, not which one is best: `--set minutes=5` is for that (`--set together=2` runs two beside each other, each with its share of the cores), and one seed tells nothing of small differences. The hardest negatives alone teach encoders nothing that know nothing yet. `--set cases="infonce;logistic"` leaves the others out.',
  async run(given) {
    const settings = settingsSchema.parse(given)
    const folder = await mkdtemp(join(tmpdir(), 'losses-'))
    try {
      const split = await splitCollection(settings, folder)
      const rows: Row[] = []
      for (let i = 0; i < settings.cases.length; i += settings.together) {
        const names = settings.cases.slice(i, i + settings.together)
        console.error(`  ${names.join(', ')}`)
        rows.push(...(await Promise.all(names.map((name) => train(name, settings, split, folder)))))
      }
      const { minutes, epochs, arch, batch, seed, together } = settings
      const limit = epochs === undefined ? { minutes } : { epochs }
      const pictures = split.train.length + split.heldOut.length
      return { parameters: { ...limit, arch, batch, seed, pictures, together }, rows }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

const { signal } = new AbortController()

async function splitCollection(settings: Settings, folder: string): Promise<SplitPairs> {
  const pictures = settings.folder || join(folder, 'pictures')
  if (settings.folder === '') await writeSampleCollection(pictures, { signal, onProgress() {} })
  const { pairs } = await readTrainingPairs(pictures)
  const { holdOut, validation, seed } = specOf({}, settings)
  const options = { holdOut, validation, seed, signal, onProgress() {} }
  return (await splitPairs(pairs, options)).pairs
}

async function train(
  name: string,
  settings: Settings,
  split: SplitPairs,
  folder: string,
): Promise<Row> {
  const out = join(folder, name)
  const spec = specOf(lossCases[name]!, settings)
  await writeWorkFolder(workFolderOf(out), { spec, out, name: 'benchmark' }, split)
  const row = describeRow(name, await followRun(workFolderOf(out), { signal, onEvent() {} }))
  await rm(out, { recursive: true })
  return row
}

function specOf(choices: TrainingChoices, settings: Settings): TrainingSpec {
  const { minutes, epochs, arch, batch, seed, together } = settings
  const limit = epochs === undefined ? { minutes } : { epochs }
  const spec = completeTrainingSpec({ ...choices, ...limit, method: 'scratch', arch, batch, seed })
  // 0 stands for all cores.
  return together === 1 ? spec : { ...spec, threads: shareOfCores(together) }
}

function shareOfCores(runs: number): number {
  return Math.max(1, Math.floor(availableParallelism() / runs))
}

function describeRow(name: string, { step, heldOut, pictures }: FinishedTraining): Row {
  const rounded = (rate: number | undefined) =>
    rate === undefined ? null : Number(rate.toFixed(3))
  return {
    loss: name,
    steps: step,
    'text → picture R@1': rounded(heldOut?.textToImage.recallAt1),
    'text → picture R@10': rounded(heldOut?.textToImage.recallAt10),
    'picture → text R@10': rounded(heldOut?.imageToText.recallAt10),
    'view → other view R@10': rounded(pictures?.otherView.recallAt10),
    'chance R@10': rounded((heldOut?.textToImage ?? pictures?.otherView)?.chanceAt10),
  }
}
