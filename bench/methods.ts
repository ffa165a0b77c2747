/** What each method of teaching gains over the model it starts from, and over a simpler method. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { nameCopiesAlike } from '../main/library/captions/nameCopiesAlike.js'
import { type ModelDirectory, openModelDirectory } from '../main/ml/clip/modelDirectory.js'
import { createMeasuredSet } from '../main/ml/training/evaluation/measuredSet.js'
import { workFolderOf, writeWorkFolder } from '../main/ml/training/workFolder.js'
import { projectRoot } from '../main/platform/entries.js'
import { fitToCollection } from '../main/tuning/fitToCollection.js'
import { fitToParent } from '../main/tuning/fitToParent.js'
import { embedByEncoder } from '../main/tuning/linking/embedByEncoder.js'
import { linkPictures } from '../main/tuning/linking/linkPictures.js'
import { gatherEvidence } from '../main/tuning/linking/pictureEvidence.js'
import { type PreparedSplit, splitPairs } from '../main/tuning/splitPairs.js'
import { followRun } from '../main/tuning/trainerRun.js'
import { completeTrainingSpec } from '../main/tuning/trainingDefaults.js'
import type { TrainingPair } from '../shared/domain/training.js'
import type { Benchmark, Row } from './benchmark.js'
import { type AnsweredQueries, joinAnswers } from './methods/answeredQueries.js'
import { answerHeldOut, type Collection } from './methods/answerHeldOut.js'
import { describeMethod } from './methods/describeMethod.js'
import { methodCases } from './methods/methodCases.js'
import { openStranger } from './methods/openStranger.js'
import { readPictures } from './methods/readPictures.js'

const caseNames = Object.keys(methodCases)

const settingsSchema = z.strictObject({
  seeds: z.coerce.number().int().positive().default(3),
  /** Share of the pictures that is measured on, once for each seed. */
  holdOut: z.coerce.number().positive().max(0.5).default(0.3),
  /** Names of cases, parted by semicolons; each is also compared with the one before it. */
  cases: z
    .string()
    .default(caseNames.join(';'))
    .transform((text) => text.split(';'))
    .pipe(z.array(z.enum(caseNames)).nonempty()),
})
type Settings = z.infer<typeof settingsSchema>

/** The model that is taught, and the pictures that it learns and is measured on. */
interface Lesson {
  readonly name: string
  readonly subject: string
  readonly parent: () => Promise<ModelDirectory>
  readonly pictures: () => Promise<TrainingPair[]>
}

const procedure =
  'Each seed is another split without leaks: near-duplicates, copies and edits stay together. Figures are means over all queries of all splits; gains come with 95 % intervals (paired bootstrap over groups of linked pictures, a picture’s queries in all splits together) and p (sign flips over the same groups).'

const starter = () => openModelDirectory(join(projectRoot, 'models', 'starter'))

export const methodsBenchmark = createBenchmark({
  name: 'methods',
  subject:
    'The starter taught by each method, with what `semblance train` takes by default, on emoji of a vendor and stamps that it has never seen (the recipe’s held-out pictures, by their names).',
  parent: starter,
  pictures: () => readPictures((part) => part !== 'training'),
})

export const strangerBenchmark = createBenchmark({
  name: 'methods-stranger',
  subject:
    'The same for a model that has more to learn: trained by the starter’s recipe on clip art and interface icons alone, it has seen no emoji and no stamp. It is taught on the emoji of one vendor and all stamps, by their names.',
  parent: openStranger,
  pictures: () =>
    readPictures((part, { collection }) => part !== 'training' || collection === 'stamps'),
})

function createBenchmark({ name, subject, parent, pictures }: Lesson): Benchmark {
  return {
    name,
    describe: `${subject} ${procedure}`,
    async run(given) {
      const settings = settingsSchema.parse(given)
      const folder = await mkdtemp(join(tmpdir(), 'methods-'))
      try {
        const collection = await linkCollection(await pictures())
        const answers = await teachAll(settings, await parent(), collection, folder)
        const { seeds, holdOut } = settings
        const parameters = { seeds, holdOut, pictures: collection.pairs.length }
        return { parameters, rows: describeRows(answers) }
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  }
}

const { signal } = new AbortController()
const quietly = { signal, onProgress() {} }
const asItIs = 'as it is'

async function linkCollection(read: readonly TrainingPair[]): Promise<Collection> {
  const pairs = await nameCopiesAlike(read, signal)
  const evidence = await gatherEvidence(pairs, { ...quietly, embed: embedByEncoder(starter) })
  const { components } = await linkPictures({ pairs, evidence }, signal)
  const groups = new Map(pairs.map(({ image }, i) => [image, components[i]!]))
  const { texts, clusters } = createMeasuredSet(pairs, (image) => groups.get(image))
  return {
    pairs,
    evidence,
    groups,
    textGroups: new Map(texts.map((text, i) => [text, clusters.texts[i]!])),
  }
}

/** By case, what each model answered over all splits; the untaught model first. */
async function teachAll(
  { seeds, holdOut, cases }: Settings,
  parent: ModelDirectory,
  collection: Collection,
  folder: string,
): Promise<Map<string, AnsweredQueries>> {
  const answers = new Map<string, AnsweredQueries>()
  const note = async (name: string, model: ModelDirectory, split: PreparedSplit) => {
    const answered = await answerHeldOut(model, split.pairs.heldOut, collection)
    answers.set(name, joinAnswers(answers.get(name), answered))
  }
  for (let seed = 1; seed <= seeds; seed++) {
    const embed = async () => collection.evidence.embeddings!
    const options = { holdOut, validation: 0.1, seed, embed, ...quietly }
    const split = await splitPairs(collection.pairs, options)
    await note(asItIs, parent, split)
    for (const name of cases) {
      console.error(`  ${name}, seed ${seed} of ${seeds}`)
      const out = join(folder, `${cases.indexOf(name)}-${seed}`)
      await note(name, await teach(name, parent, split, seed, out), split)
      await rm(out, { recursive: true })
    }
  }
  return answers
}

async function teach(
  name: string,
  parent: ModelDirectory,
  { pairs, pictures }: PreparedSplit,
  seed: number,
  out: string,
): Promise<ModelDirectory> {
  const choices = { ...methodCases[name]!, from: parent.path, seed }
  const asked = await fitToParent(completeTrainingSpec(choices), choices)
  const spec = fitToCollection(asked, choices, pairs.train.length)
  await writeWorkFolder(workFolderOf(out), { spec, out, name: 'benchmark' }, pairs, pictures)
  await followRun(workFolderOf(out), { signal, onEvent() {} })
  return openModelDirectory(out)
}

function describeRows(answers: ReadonlyMap<string, AnsweredQueries>): Row[] {
  const untaught = { name: asItIs, answers: answers.get(asItIs)! }
  let before = untaught
  const rows: Row[] = []
  for (const [name, own] of answers) {
    rows.push(describeMethod(name, own, name === asItIs ? null : untaught))
    if (before !== untaught) rows.push(describeMethod(name, own, before))
    if (name !== asItIs) before = { name, answers: own }
  }
  return rows
}
