/** Makes a library of as many photos as one likes, with real files, rows, vectors and thumbnails. */
import { createHash } from 'node:crypto'
import { mkdir, realpath, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { catchUp, snapshotPathOf } from '../../main/library/catchUp.js'
import { openTextEncoder } from '../../main/ml/clip/encoders.js'
import type { ModelDirectory } from '../../main/ml/clip/modelDirectory.js'
import { createRandom, type Random } from '../../main/ml/training/random.js'
import { mapBounded } from '../../main/platform/mapBounded.js'
import { openModelVectors } from '../../main/search/openModelVectors.js'
import { type Database, openDatabase } from '../../main/storage/openDatabase.js'
import type { Model } from '../../main/storage/repositories/models.js'
import type { PhotoObject } from '../../shared/domain/photo.js'
import { vectorsAround } from '../clusteredVectors.js'
import { type DrawnPhoto, drawPhotos } from './drawPhotos.js'
import type { LargeLibrary } from './libraryPlaces.js'
import { photographedThings } from './phrases.js'

/** Pictures that are drawn; each file is one of them with a number behind its last byte. */
const drawnPhotos = 200
const perStep = 1_000
const daysBack = 5_000
/** Photos of one day show different things. */
const nextOfDay = 37
const drawingOf = (number: number, drawings: number) =>
  (number + nextOfDay * Math.floor(number / daysBack)) % drawings
/** Length of what tells a photo's vector from the words for what it shows, which have length 1. */
const spread = 0.8

/** Resolves once everything is written, the HNSW file too; the active model is the one given. */
export async function makeLargeLibrary(
  library: LargeLibrary,
  photos: number,
  model: ModelDirectory,
): Promise<void> {
  const drawings = await drawPhotos(drawnPhotos)
  const centres = await encode(photographedThings(), model)
  const next = vectorsAround(centres, spread, createRandom(1))
  const find = findsAnything(model, createRandom(2))
  await mkdir(library.photoFolder, { recursive: true })
  const database = await openDatabase(library.libraryFolder)
  try {
    const root = await database.roots.add(await realpath(library.photoFolder), Date.now())
    const row = await registerModel(database, model)
    for (let from = 0; from < photos; from += perStep) {
      const length = Math.min(perStep, photos - from)
      const numbers = Array.from({ length }, (_, index) => from + index)
      await addSome({ library, database, drawings, rootId: root.id, row, next, find }, numbers)
    }
    await database.roots.endScan(root.id, Date.now())
    // Or every start would look through all folders, as only the very first one does.
    await catchUp(root.path, snapshotPathOf(library.libraryFolder, root.id), async () => {})
    await buildGraph(database, row, library.vectorFolder)
  } finally {
    await database.dispose()
  }
}

async function encode(texts: readonly string[], model: ModelDirectory): Promise<Float32Array[]> {
  const encoder = await openTextEncoder(model, { device: 'cpu', threads: 0 })
  try {
    const rows = await encoder.encode(texts)
    const dim = rows.length / texts.length
    return texts.map((_, i) => rows.slice(i * dim, (i + 1) * dim))
  } finally {
    await encoder.dispose()
  }
}

async function registerModel(database: Database, model: ModelDirectory): Promise<Model> {
  const row = await database.models.save({
    uid: model.id,
    path: model.path,
    name: model.name,
    kind: 'starter',
    parentId: null,
    dim: model.embeddingDim,
    addedAt: Date.now(),
  })
  await database.settings.set('activeModelId', row.id)
  return row
}

interface Target {
  readonly library: LargeLibrary
  readonly database: Database
  readonly drawings: readonly DrawnPhoto[]
  readonly rootId: number
  readonly row: Model
  readonly next: () => Float32Array<ArrayBuffer>
  readonly find: () => PhotoObject[]
}

async function addSome(target: Target, numbers: readonly number[]): Promise<void> {
  const { library, database, drawings, rootId, row, next, find } = target
  const written = await mapBounded(numbers, 8, (number) =>
    writePhoto(library, number, drawings[drawingOf(number, drawings.length)]!),
  )
  const ids = await database.photos.addMany(written.map(({ photo }) => photo))
  const idOf = (hash: string) => ids.get(hash)!
  await database.files.saveMany(
    written.map(({ photo, file }) => ({ ...file, rootId, photoId: idOf(photo.contentHash) })),
  )
  await database.embeddings.saveMany(
    row.id,
    written.map(({ photo }) => ({
      photoId: idOf(photo.contentHash),
      embedding: next(),
      // Nothing reads what is in it, but the rows must have their length.
      pooled: new Uint16Array(row.dim).fill(number16),
    })),
  )
  await database.objects.saveMany(
    row.id,
    written.map(({ photo }) => ({ photoId: idOf(photo.contentHash), objects: find() })),
  )
}

/** What the model might have found in a photo: up to five things of any of its classes. */
function findsAnything({ manifest }: ModelDirectory, random: Random): () => PhotoObject[] {
  const { classes, minScore } = manifest?.objects ?? { classes: [], minScore: 0 }
  const between = (from: number) => {
    const [a, b] = [random.between(from, 1), random.between(from, 1)]
    return [Math.min(a, b), Math.max(a, b)] as const
  }
  return () =>
    Array.from({ length: classes.length === 0 ? 0 : random.integer(6) }, () => {
      const [[left, right], [top, bottom]] = [between(0), between(0)]
      const name = classes[random.integer(classes.length)]!
      return { name, score: random.between(minScore, 1), box: { left, top, right, bottom } }
    })
}

/** 1 as a float16. */
const number16 = 0x3c00

/** Writes one file with its tile, and tells the rows that a scan would make of it. */
async function writePhoto(library: LargeLibrary, number: number, drawing: DrawnPhoto) {
  const bytes = Buffer.concat([drawing.bytes, Buffer.from(String(number).padStart(8, '0'))])
  const day = new Date(Date.UTC(2026, 0, 1) - (number % daysBack) * 86_400_000)
  const takenAt = day.toISOString().slice(0, 19)
  const relativePath = `${takenAt.slice(0, 4)}/${takenAt.slice(5, 7)}/IMG_${number}.jpg`
  const path = join(library.photoFolder, relativePath)
  await writeInFolder(path, bytes)
  const { size: sizeBytes, mtimeMs, ctimeMs } = await stat(path)
  const contentHash = createHash('sha256').update(bytes).digest('hex')
  await writeInFolder(library.tilePath(contentHash), drawing.tile)
  const photo = {
    contentHash,
    sizeBytes,
    format: 'jpeg',
    width: drawing.width,
    height: drawing.height,
    takenAt,
    takenAtSource: 'camera' as const,
    camera: `Bench ${number % 7}`,
    latitude: null,
    longitude: null,
    zoneMinutes: null,
    lens: null,
    exposureSeconds: null,
    fNumber: null,
    iso: null,
    focalLengthMm: null,
    createdAt: Date.now(),
  }
  const file = {
    relativePath,
    sizeBytes,
    mtimeMs,
    ctimeMs,
    state: 'present' as const,
    errorCode: null,
    errorReason: null,
    seenScan: 0,
  }
  return { photo, file }
}

async function writeInFolder(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
}

/** As the first index job leaves it behind. */
async function buildGraph(database: Database, row: Model, vectorFolder: string): Promise<void> {
  const vectors = await openModelVectors({
    database,
    row,
    vectorFolder,
    onNotice: (message) => {
      throw new Error(message)
    },
    catchUpLimit: 0,
    signal: new AbortController().signal,
  })
  await vectors.settled()
  await vectors.dispose()
}
