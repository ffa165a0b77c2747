/** Learning from the library's own photos: lessons, runs, and what becomes of their models. */
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { unpack } from '../../../shared/domain/packed.js'
import type { TeachRun, TeachSource, TeachWords } from '../../../shared/domain/teaching.js'
import { AppError } from '../../../shared/errors.js'
import { workFolderOf } from '../../ml/training/workFolder.js'
import type { JobRecord } from '../../storage/repositories/jobs.js'
import type { TeachRunRecord } from '../../storage/repositories/teachRuns.js'
import { adoptJobKind } from '../../tuning/adoptJob.js'
import { collectPairs, type LessonSource, toTeachPair } from '../../tuning/collectPairs.js'
import { obstacleTo, previewLesson } from '../../tuning/lessonPlan.js'
import { estimateLesson } from '../../tuning/lessonTime.js'
import { modelFolderOf } from '../../tuning/prepareLesson.js'
import { teachJobKind } from '../../tuning/teachJob.js'
import type { Changes } from '../changes.js'
import type { EncoderPace } from '../encoderPace.js'
import type { ModelRegistry } from '../modelRegistry.js'
import type { LibraryOpener } from '../openLibrary.js'
import type { Preferences } from '../preferences.js'
import type { ApiOf } from '../router.js'
import type { SearchApi } from './search.js'

export type TeachApi = ApiOf<'teach'>

export interface TeachDependencies {
  readonly library: LibraryOpener
  readonly registry: ModelRegistry
  readonly search: Pick<SearchApi, 'calls'>
  readonly preferences: Preferences
  readonly changes: Changes
  readonly pace: EncoderPace
}

export function createTeachApi(dependencies: TeachDependencies): TeachApi {
  const { library, registry, search, preferences, changes, pace } = dependencies
  const open = async () => (await library.open()).database

  /** The photos of a search are those that match well now: a run must not change with the library. */
  async function settle(source: TeachSource): Promise<LessonSource> {
    if (source.kind !== 'search') return source
    const { query } = source
    const found = await search.calls.run({
      query,
      order: 'relevance',
      model: null,
    })
    const count = found.verdict === 'all' ? found.total : found.strong
    return { kind: 'photos', ids: [...unpack(found.ids).subarray(0, count)] }
  }

  async function collect({ source, words }: { source: TeachSource; words: TeachWords }) {
    const settled = await settle(source)
    return { settled, lesson: await collectPairs(await open(), { source: settled, words }) }
  }

  async function find(job: number): Promise<TeachRunRecord> {
    const run = await (await open()).teachRuns.ofJob(job)
    if (run !== null) return run
    throw new AppError('INVALID_ARGUMENT', { argument: 'job', problem: `${job} taught no model` })
  }

  async function describe(run: TeachRunRecord): Promise<TeachRun> {
    return describeRun(run, await (await open()).jobs.get(run.job!))
  }

  return {
    async estimate({ pairs }) {
      const { directory } = await registry.register(null)
      const { device, threads } = await preferences.get()
      return estimateLesson(pairs, await pace(directory, { device, threads }))
    },

    preview: async (request) => previewLesson((await collect(request)).lesson),

    async pairs({ ids, words }) {
      const source = { kind: 'photos', ids } as const
      return (await collectPairs(await open(), { source, words })).pairs.map(toTeachPair)
    },

    async start({ source, words, method, name, minutes }) {
      const { settled, lesson } = await collect({ source, words })
      const obstacle = obstacleTo(lesson)
      if (obstacle !== null) {
        throw new AppError('INVALID_ARGUMENT', { argument: name, problem: obstacle })
      }
      const { database, runner, startJobs } = await library.open()
      const { row } = await registry.register(null)
      const { id } = await database.teachRuns.add({
        name,
        method,
        folder: folderName(name),
        lesson: { source: settled, words, minutes, base: row.uid },
        startedAt: Date.now(),
      })
      const { device } = await preferences.get()
      const job = await runner.enqueue(teachJobKind, { run: id, name, device })
      await database.teachRuns.change(id, { job: job.id, pairs: lesson.pairs.length })
      void startJobs()
      changes.emit({ type: 'teach', job: job.id })
      return { job: job.id }
    },

    async runs() {
      const runs: TeachRun[] = []
      for (const run of await (await open()).teachRuns.list()) runs.push(await describe(run))
      return runs
    },

    run: async ({ job }) => describe(await find(job)),

    async keep({ job }) {
      const run = await find(job)
      const { state } = await describe(run)
      if (state !== 'decide' || run.outcome === null) throw undecidable(run, state)
      const { database, runner, startJobs } = await library.open()
      if (run.outcome.model === run.lesson.base) {
        const problem =
          'nothing that it learned was better than the model in use, so there is nothing to keep'
        throw new AppError('INVALID_ARGUMENT', { argument: run.name, problem })
      }
      const { row } = await registry.register(modelFolderOf(database, run))
      const { device } = await preferences.get()
      await runner.enqueue(adoptJobKind, { model: row.uid, name: run.name, device })
      await database.teachRuns.change(run.id, { decision: 'kept' })
      void startJobs()
      changes.emit({ type: 'models' })
      changes.emit({ type: 'teach', job })
    },

    async discard({ job }) {
      const run = await find(job)
      if (run.decision === 'kept') throw undecidable(run, 'kept')
      const { database, runner } = await library.open()
      if ((await database.jobs.get(job)) !== null) await runner.cancel(job)
      const folder = modelFolderOf(database, run)
      await rm(workFolderOf(folder), { recursive: true, force: true })
      await rm(folder, { recursive: true, force: true })
      await database.teachRuns.change(run.id, { decision: 'discarded' })
      changes.emit({ type: 'teach', job })
    },
  }
}

/** Part of the model's name, so that people can find it, and a random end, so that it is its own. */
function folderName(name: string): string {
  const slug = name.normalize('NFKD').replace(/[^\w-]+/g, '-')
  return `${slug.replace(/^-+|-+$/g, '').slice(0, 40) || 'model'}-${randomBytes(4).toString('hex')}`
}

function undecidable({ name }: TeachRunRecord, state: TeachRun['state']): AppError {
  const problem =
    state === 'kept'
      ? 'its model was kept; remove it from the models instead'
      : 'there is nothing to keep yet'
  return new AppError('INVALID_ARGUMENT', { argument: name, problem })
}

function describeRun(run: TeachRunRecord, job: JobRecord | null): TeachRun {
  const { name, method, pairs, heldOut, curves, outcome } = run
  return {
    job: run.job!,
    name,
    method,
    state: stateOf(run, job),
    pairs,
    heldOut,
    curves: curves ?? { loss: [], recall: [], chance: null },
    before: outcome?.before ?? null,
    after: outcome?.after ?? null,
    examples: outcome?.examples ?? [],
    model: outcome?.model ?? null,
    startedAt: new Date(run.startedAt).toISOString(),
  }
}

/** A job that the user cleared away without a model was over without one. */
function stateOf({ decision, outcome }: TeachRunRecord, job: JobRecord | null): TeachRun['state'] {
  if (decision !== null) return decision
  if (outcome !== null && (job === null || job.state === 'completed')) return 'decide'
  if (job === null) return 'cancelled'
  return job.state === 'queued' || job.state === 'completed' ? 'running' : job.state
}
