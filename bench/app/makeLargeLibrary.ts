/** A library of as many photos as one likes, with real files, rows, vectors and thumbnails. */
import { createHash } from 'node:crypto'
import { mkdir, realpath, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { createRandom } from '../../main/ml/training/random.js'
import { mapBounded } from '../../main/platform/mapBounded.js'
import { type Database, openDatabase } from '../../main/storage/openDatabase.js'
import { clusteredVectors } from '../clusteredVectors.js'

export interface LargeLibraryOptions {
  readonly libraryFolder: string
  /** Where the photos' files are written. */
  readonly photoFolder: string
  readonly photos: number
  readonly model: { readonly uid: string; readonly path: string; readonly dim: number }
}

/** Pictures that are drawn; each file is one of them with a number behind its last byte. */
const drawnPictures = 200
const perStep = 1_000
const daysBack = 5_000

interface Drawing {
  readonly bytes: Buffer
  readonly width: number
  readonly height: number
}

/** Resolves once everything is written; the active model is the one given. */
export async function makeLargeLibrary(options: LargeLibraryOptions): Promise<void> {
  const drawings = await drawAll()
  await mkdir(options.photoFolder, { recursive: true })
  const database = await openDatabase(options.libraryFolder)
  try {
    const root = await database.roots.add(await realpath(options.photoFolder), Date.now())
    const model = await database.models.save({
      ...options.model,
      name: 'bench',
      kind: 'imported',
      parentId: null,
      addedAt: Date.now(),
    })
    await database.settings.set('activeModelId', model.id)
    const next = clusteredVectors({
      dim: model.dim,
      clusters: Math.ceil(options.photos / 100),
      spread: 0.8,
      seed: 1,
    })
    for (let from = 0; from < options.photos; from += perStep) {
      const numbers = Array.from(
        { length: Math.min(perStep, options.photos - from) },
        (_, index) => from + index,
      )
      await addSome(database, {
        drawings,
        numbers,
        rootId: root.id,
        modelId: model.id,
        next,
        options,
      })
    }
    await database.roots.endScan(root.id, Date.now())
  } finally {
    await database.dispose()
  }
}

interface Step {
  readonly drawings: readonly Drawing[]
  readonly numbers: readonly number[]
  readonly rootId: number
  readonly modelId: number
  readonly next: () => Float32Array
  readonly options: LargeLibraryOptions
}

async function addSome(database: Database, step: Step): Promise<void> {
  const { drawings, numbers, rootId, modelId, options } = step
  const written = await mapBounded(numbers, 8, (number) =>
    writePhoto(options.photoFolder, number, drawings[number % drawings.length]!),
  )
  const ids = await database.photos.addMany(written.map(({ photo }) => photo))
  const idOf = (hash: string) => ids.get(hash)!
  await database.files.saveMany(
    written.map(({ photo, file }) => ({ ...file, rootId, photoId: idOf(photo.contentHash) })),
  )
  await database.embeddings.saveMany(
    modelId,
    written.map(({ photo }) => ({
      photoId: idOf(photo.contentHash),
      embedding: step.next(),
      pooled: null,
    })),
  )
}

/** Writes one file and tells the rows that a scan would make of it. */
async function writePhoto(folder: string, number: number, drawing: Drawing) {
  const bytes = Buffer.concat([drawing.bytes, Buffer.from(String(number).padStart(8, '0'))])
  const day = new Date(Date.UTC(2026, 0, 1) - (number % daysBack) * 86_400_000)
  const takenAt = day.toISOString().slice(0, 19)
  const relativePath = `${takenAt.slice(0, 4)}/${takenAt.slice(5, 7)}/photo ${number}.jpg`
  const path = join(folder, relativePath)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, bytes)
  const { size: sizeBytes, mtimeMs, ctimeMs } = await stat(path)
  const photo = {
    contentHash: createHash('sha256').update(bytes).digest('hex'),
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

/** Soft landscapes of random colours, in the shapes that cameras and telephones make. */
async function drawAll(): Promise<Drawing[]> {
  const random = createRandom(7)
  const shapes = [
    [360, 240],
    [320, 240],
    [240, 320],
    [240, 360],
    [426, 240],
    [300, 300],
  ] as const
  const drawings = Array.from({ length: drawnPictures }, async (_, index) => {
    const [width, height] = shapes[index % shapes.length]!
    const colour = () =>
      `hsl(${random.integer(360)} ${30 + random.integer(50)}% ${20 + random.integer(60)}%)`
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
      <rect width="100%" height="100%" fill="${colour()}"/>
      <circle cx="${random.integer(width)}" cy="${random.integer(height)}" r="${20 + random.integer(80)}" fill="${colour()}"/>
      <rect y="${height / 2 + random.integer(height / 3)}" width="100%" height="100%" fill="${colour()}"/>
    </svg>`
    return { bytes: await sharp(Buffer.from(svg)).jpeg({ quality: 70 }).toBuffer(), width, height }
  })
  return Promise.all(drawings)
}
