/** Whether a library is free, told before the engine is loaded. */
import { acquireLibraryLock } from '../storage/libraryLock.js'
import { createLibraryPlace } from './libraryPlace.js'

/** @throws LIBRARY_LOCKED while another process has the library open; LIBRARY_AWAY */
export async function refuseUsedLibrary(libraryFolder: string | undefined): Promise<void> {
  const lock = await acquireLibraryLock(await createLibraryPlace(libraryFolder).folder())
  await lock.dispose()
}
