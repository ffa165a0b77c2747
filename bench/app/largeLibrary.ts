/** A library of many photos that is made once and kept; each run works on a copy of its database. */
import { existsSync } from 'node:fs'
import { cp, link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelDirectory } from '../../main/ml/clip/modelDirectory.js'
import { projectRoot } from '../../main/platform/entries.js'
import { mapBounded } from '../../main/platform/mapBounded.js'
import { openDatabase } from '../../main/storage/openDatabase.js'
import { writeLargePhotos } from '../largePhotos.js'
import { type LargeLibrary, placeLibrary } from './libraryPlaces.js'
import { makeLargeLibrary } from './makeLargeLibrary.js'

/** A library to run on, and where new photos can be put under its eyes. */
export interface LibraryCopy extends LargeLibrary {
  /** A folder of the library's, empty at first. */
  readonly newPhotoFolder: string
  /** Puts further large photographs into it at once, as a camera's card would. */
  addPhotographs(): Promise<void>
  remove(): Promise<void>
}

/** Changes whenever what is made differs; an older library is then made again. */
const version = 5
const benchFolder = join(projectRoot, '.data', 'bench')

/** The library of so many photos, seen by `model`; made, which takes minutes, unless it is there. */
export async function keepLargeLibrary(
  photos: number,
  model: ModelDirectory,
): Promise<LargeLibrary> {
  const library = placeLibrary(join(benchFolder, `library-${photos}`))
  const stampPath = join(library.folder, 'complete.json')
  // Its rows hold absolute paths: where it was moved, it is made again.
  const stamp = JSON.stringify({ version, photos, model: model.id, folder: library.folder })
  const found = existsSync(stampPath) ? await readFile(stampPath, 'utf8') : null
  if (found === stamp) return library
  console.error(`making a library of ${photos} photos ...`)
  await rm(library.folder, { recursive: true, force: true })
  await makeLargeLibrary(library, photos, model)
  await writeFile(stampPath, stamp)
  return library
}

/** A copy with `batches` of new photographs at hand, `perBatch` each. */
export async function copyLibrary(
  original: LargeLibrary,
  { batches, perBatch }: { readonly batches: number; readonly perBatch: number },
): Promise<LibraryCopy> {
  const copy = placeLibrary(join(benchFolder, 'run'))
  const { photoFolder } = original
  // An earlier run may have been killed.
  await rm(copy.folder, { recursive: true, force: true })
  const newPhotoFolder = join(copy.folder, 'new')
  const photographs = await keepPhotographs(batches * perBatch)
  await mkdir(newPhotoFolder, { recursive: true })
  // A small library has no graph.
  if (existsSync(original.vectorFolder))
    await cp(original.vectorFolder, copy.vectorFolder, { recursive: true })
  await cp(
    join(original.libraryFolder, 'library.sqlite'),
    join(copy.libraryFolder, 'library.sqlite'),
  )
  await cp(join(original.libraryFolder, 'watched'), join(copy.libraryFolder, 'watched'), {
    recursive: true,
  })
  await linkTree(original.thumbnailFolder, copy.thumbnailFolder)
  const database = await openDatabase(copy.libraryFolder)
  await database.roots.add(newPhotoFolder, Date.now())
  await database.dispose()
  let added = 0
  return {
    ...copy,
    photoFolder,
    newPhotoFolder,
    async addPhotographs() {
      const some = photographs.slice(added, added + perBatch)
      added += some.length
      for (const path of some) await link(path, join(newPhotoFolder, path.split(/[\\/]/).at(-1)!))
    },
    remove: () => rm(copy.folder, { recursive: true, force: true }),
  }
}

/** The same files under other names take neither room nor time, and what is added stays apart. */
async function linkTree(from: string, to: string): Promise<void> {
  const folders = await readdir(from)
  await mapBounded(folders, 4, async (name) => {
    await mkdir(join(to, name), { recursive: true })
    for (const file of await readdir(join(from, name))) {
      await link(join(from, name, file), join(to, name, file))
    }
  })
}

async function keepPhotographs(count: number): Promise<readonly string[]> {
  const folder = join(benchFolder, 'photographs')
  const names = existsSync(folder) ? (await readdir(folder)).sort() : []
  if (names.length >= count) return names.slice(0, count).map((name) => join(folder, name))
  await rm(folder, { recursive: true, force: true })
  return (await writeLargePhotos(folder, count)).paths
}
