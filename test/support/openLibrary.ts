/** Real libraries for one test. */
import { onTestFinished } from 'vitest'
import { type Database, openDatabase } from '../../main/storage/openDatabase.js'
import type { NewPhotoFile } from '../../main/storage/repositories/files.js'
import type { NewModel } from '../../main/storage/repositories/models.js'
import type { NewPhoto } from '../../main/storage/repositories/photos.js'
import { temporaryFolder } from './temporaryFolder.js'

/** A new empty library, closed after the test. */
export async function openLibrary(folder?: string): Promise<Database> {
  const database = await openDatabase(folder ?? (await temporaryFolder()))
  onTestFinished(() => database.dispose())
  return database
}

/** A photo as a scan would add it; its hash is made from `name`. */
export function photoNamed(name: string): NewPhoto {
  return {
    contentHash: name.padEnd(64, '.'),
    sizeBytes: 1,
    format: 'png',
    width: null,
    height: null,
    takenAt: null,
    takenAtSource: null,
    camera: null,
    latitude: null,
    longitude: null,
    zoneMinutes: null,
    lens: null,
    exposureSeconds: null,
    fNumber: null,
    iso: null,
    focalLengthMm: null,
    createdAt: 1,
  }
}

/** A photo's file as a scan would find it. */
export function presentFile(photoId: number, rootId: number, relativePath: string): NewPhotoFile {
  return {
    photoId,
    rootId,
    relativePath,
    sizeBytes: 1,
    mtimeMs: 1,
    ctimeMs: 1,
    state: 'present',
    errorCode: null,
    errorReason: null,
    seenScan: 1,
  }
}

export function modelNamed(uid: string): NewModel {
  return {
    uid,
    path: `/models/${uid}`,
    name: uid,
    kind: 'imported',
    parentId: null,
    dim: 4,
    addedAt: 1,
  }
}

/** Adds photos and returns their ids, in order. */
export async function addPhotos(database: Database, names: readonly string[]): Promise<number[]> {
  const photos = names.map(photoNamed)
  const ids = await database.photos.addMany(photos)
  return photos.map((photo) => ids.get(photo.contentHash) ?? -1)
}
