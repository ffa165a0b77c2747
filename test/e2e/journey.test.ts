/** What a new user does, from a folder of pictures to answers, in the compiled command. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { indexJobResultSchema } from '../../main/search/indexing/indexJob.js'
import { evaluationSchema } from '../../shared/domain/evaluation.js'
import { jobProgressSchema, jobSchema } from '../../shared/domain/jobs.js'
import { libraryStatusSchema, modelStatusSchema } from '../../shared/domain/library.js'
import { searchResultSchema } from '../../shared/domain/search.js'
import { trainingEventSchema } from '../../shared/domain/training.js'
import {
  jsonLines,
  runForError,
  runForJson,
  runForText,
  runSemblance,
} from '../support/commandLine.js'
import { writeShapes } from '../support/pictureFolder.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

const addReportSchema = z.strictObject({
  photos: z.number().int(),
  added: z.number().int(),
  failed: z.number().int(),
})
const embeddingSchema = z.strictObject({
  model: z.string(),
  dim: z.number().int(),
  embedding: z.array(z.number()),
})
const verifiedSchema = z.strictObject({
  path: z.string(),
  id: z.string(),
  files: z.number().int(),
})
const modelListSchema = z.strictObject({ models: z.array(modelStatusSchema) })
const jobListSchema = z.strictObject({ jobs: z.array(jobSchema) })
const progressSchema = jobProgressSchema.extend({ type: z.literal('progress') })

test('trains, indexes and searches, with JSON for scripts', { timeout: 900_000 }, async () => {
  const folder = await temporaryFolder()
  const pictures = join(folder, 'pictures')
  await writeShapes(pictures)
  const model = join(folder, 'model')
  const inLibrary = ['--library', join(folder, 'library')]

  const epochs = ['--epochs', '2', '--batch', '30', '--seed', '7']
  const trained = await runSemblance([
    'train',
    pictures,
    '--out',
    model,
    '--arch',
    'tiny',
    ...epochs,
    '--json',
    ...inLibrary,
  ])
  expect(trained).toMatchObject({ exitCode: 0 })
  const events = jsonLines(trained.stdout).map((line) => trainingEventSchema.parse(line))
  // Steps that follow each other quickly are left out, but never the last.
  const steps = events.flatMap((event) => (event.type === 'step' ? [event.step] : []))
  expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b))
  expect(steps.at(-1)).toBe(4)
  const finished = events.at(-1)
  expect(finished).toMatchObject({ type: 'finished', step: 4, modelPath: model })

  const used = await runForJson(['models', 'use', model, ...inLibrary], modelStatusSchema)
  expect(used).toMatchObject({ name: 'model', kind: 'tuned', active: true, indexed: 0 })
  expect(finished).toMatchObject({ modelId: used.id })
  const verified = await runForJson(['models', 'verify', ...inLibrary], verifiedSchema)
  expect(verified).toMatchObject({ path: model, id: used.id })

  const added = await runForJson(['add', pictures, ...inLibrary], addReportSchema)
  expect(added).toEqual({ photos: 60, added: 60, failed: 0 })
  const indexed = await runSemblance(['index', '--json', ...inLibrary])
  expect(indexed).toMatchObject({ exitCode: 0 })
  const lines = jsonLines(indexed.stdout)
  for (const line of lines.slice(0, -1)) progressSchema.parse(line)
  expect(indexJobResultSchema.parse(lines.at(-1))).toMatchObject({ indexed: 60, failed: 0 })

  const search = (...args: string[]) =>
    runForJson(['search', ...args, '--limit', '3', ...inLibrary], searchResultSchema)
  const redCircle = join(pictures, 'red circle.png')
  const byWords = await search('red circle')
  expect(byWords).toMatchObject({ model: used.id, searched: 60 })
  expect(byWords.hits.map(({ rank }) => rank)).toEqual([1, 2, 3])
  const byPicture = await search('--image', redCircle)
  expect(byPicture.hits[0]).toMatchObject({ path: redCircle, offline: false })
  expect(byPicture.hits[0]?.score).toBeCloseTo(1, 2)
  const like = await search('--like', redCircle)
  expect(like.hits.map(({ path }) => path)).toEqual(
    (await search('--like', String(byPicture.hits[0]?.photoId))).hits.map(({ path }) => path),
  )
  expect(like.hits.map(({ path }) => path)).not.toContain(redCircle)
  const both = await search('blue star', '--like', redCircle)
  expect(both.hits).toHaveLength(3)
  expect(both.hits[0]?.score).not.toBeCloseTo(like.hits[0]?.score ?? 0, 5)

  const { report } = await runForJson(
    ['eval', pictures, '--model', model, '--include-learned', ...inLibrary],
    evaluationSchema,
  )
  expect(report.textToImage).toMatchObject({ gallerySize: 60, queries: 60 })
  expect(report.textToImage.recallAt10).toBeGreaterThanOrEqual(report.textToImage.recallAt1)

  const text = await runForJson(['embed', '--text', 'red circle', ...inLibrary], embeddingSchema)
  const image = await runForJson(['embed', '--image', redCircle, ...inLibrary], embeddingSchema)
  for (const { dim, embedding } of [text, image]) {
    expect(embedding).toHaveLength(dim)
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 4)
  }
  const scoreOfRedCircle = text.embedding.reduce((sum, x, i) => sum + x * image.embedding[i]!, 0)
  expect(byWords.hits[0]?.score).toBeGreaterThanOrEqual(scoreOfRedCircle - 1e-4)

  const status = await runForJson(['status', ...inLibrary], libraryStatusSchema)
  expect(status).toMatchObject({ photos: 60, toIndex: 0, failed: [] })
  expect(status.roots).toMatchObject([{ path: pictures, state: 'online', files: 60, failed: 0 }])
  expect(status.models).toMatchObject([{ id: used.id, active: true, indexed: 60 }])
  const { jobs } = await runForJson(['jobs', ...inLibrary], jobListSchema)
  expect(jobs.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    'index completed',
    'scan completed',
  ])

  const quick = join(folder, 'quick')
  await runForJson(
    ['train', pictures, '--method', 'quick', '--from', model, '--out', quick, ...epochs],
    trainingEventSchema,
    { env: { SEMBLANCE_HOME: join(folder, 'library') } },
  )
  const manifest = z
    .object({ parent: z.string(), method: z.string() })
    .parse(JSON.parse(await readFile(join(quick, 'semblance.json'), 'utf8')))
  expect(manifest).toEqual({ parent: used.id, method: 'quick' })
  await runForJson(['models', 'use', quick, ...inLibrary], modelStatusSchema)
  const { models } = await runForJson(['models', 'list', ...inLibrary], modelListSchema)
  expect(models.map(({ name, active, indexed }) => ({ name, active, indexed }))).toEqual([
    { name: 'model', active: false, indexed: 60 },
    { name: 'quick', active: true, indexed: 60 },
  ])
  const { against } = await runForJson(
    ['eval', pictures, '--model', quick, '--against', model, '--include-learned', ...inLibrary],
    evaluationSchema,
  )
  expect(against?.report).toEqual(report)
  // It learned from these very pictures, and its figures are not told without that.
  const all = ['eval', pictures, '--model', quick, '--include-learned', ...inLibrary]
  expect(await runForText(all)).toContain('Measured with 60 pictures that quick learned from')
  const refused = await runForError(['eval', pictures, '--model', quick, ...inLibrary], 2)
  expect(refused.message).toMatch(/quick learned from 60 of its pictures.*--include-learned/)
  expect(against?.rows.map(({ measure, metric }) => `${measure} ${metric}`)).toContain(
    'imageToText recallAt5',
  )
  // Rolling back is instant: the embeddings of the first model are still there.
  const back = await runForJson(['models', 'use', used.id, ...inLibrary], modelStatusSchema)
  expect(back).toMatchObject({ id: used.id, active: true, indexed: 60 })
  expect((await search('red circle')).hits).toEqual(byWords.hits)
})

test('tells people in words what happened and what to do next', { timeout: 300_000 }, async () => {
  const folder = await temporaryFolder()
  const pictures = join(folder, 'pictures')
  await writeShapes(pictures, 20)
  const model = join(folder, 'model')
  const env = { SEMBLANCE_HOME: join(folder, 'library') }
  const run = (...args: string[]) => runForText(args, { env })

  const epochs = ['--epochs', '1', '--batch', '10']
  const trained = await run('train', pictures, '--out', model, '--arch', 'tiny', ...epochs)
  expect(trained).toMatch(/^Trained in \d+ s \(2 steps\): /)
  expect(trained).toContain(`Next: semblance models use ${model}\n`)
  expect(await run('models', 'use', model)).toContain('model is active.\n')
  expect(await run('add', pictures)).toContain('20 photos in the library, 20 of them new.')
  expect(await run('add', pictures)).toContain('20 photos in the library, 0 of them new.')
  expect(await run('index')).toMatch(/^20 photos indexed with model in \d+ s, 20 in all\./)
  const found = await run('search', 'red circle', '--limit', '2')
  expect(found).toContain('20 photos searched in ')
  expect(found.match(/ {2}\/.*\.png$/gm)).toHaveLength(2)
  expect(await run('search', '--image', join(pictures, 'red star.png'))).toContain('red star.png')
  expect(await run('search', '--like', join(pictures, 'red star.png'))).not.toContain('red star')
  const measured = await run('eval', pictures, '--model', model, '--include-learned')
  expect(measured).toMatch(/text → picture +\d+\.\d %/)
  const both = ['--model', model, '--against', model, '--include-learned']
  const compared = await run('eval', pictures, ...both)
  expect(compared).toMatch(/text → picture +R@1 +not distinguishable +0\.0 +0\.0 +1\.000/)
  expect((await run('embed', '--text', 'red circle')).trim().split(' ')).toHaveLength(128)
  expect(await run('status')).toContain('20 photos, 0 still to index.')
  expect(await run('jobs')).toMatch(/index +completed/)
  expect(await run('models', 'list')).toMatch(/\* +model +tuned +128 +20/)
  expect(await run('models', 'verify')).toMatch(/: \d+ files, all as recorded\./)
})
