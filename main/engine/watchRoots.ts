/** Keeps an eye on the library's folders: new files, and disks that come and go. */
import { catchUp, snapshotPathOf } from '../library/catchUp.js'
import { reachRoot } from '../library/roots/reachRoot.js'
import { scanJobKind } from '../library/scan/scanJob.js'
import { type FolderWatch, watchFolder } from '../library/watchFolder.js'
import type { Root } from '../storage/repositories/roots.js'
import type { Changes } from './changes.js'
import type { LibraryOpener } from './openLibrary.js'
import type { Preferences } from './preferences.js'

export interface Watchers {
  /** Begins to watch, until `dispose`; folders that changed while nobody did are looked through. */
  start(): Promise<void>
  /** Looks again at which folders there are to watch, as far as it was started. */
  update(): Promise<void>
  /** Ids of the roots whose changes are noticed. */
  watching(): ReadonlySet<number>
  dispose(): Promise<void>
}

export interface WatcherDependencies {
  readonly library: LibraryOpener
  readonly preferences: Preferences
  readonly changes: Changes
  readonly onNotice: (message: string) => void
}

/** How soon a disk that was plugged in or taken away is noticed. */
const lookIntervalMs = 5_000
/** Where nothing can be watched, folders are looked through this often. */
const rescanIntervalMs = 10 * 60_000

interface Watched {
  readonly watch: FolderWatch | null
  /** Of folders that cannot be watched. */
  readonly timer: NodeJS.Timeout | null
}

export function createWatchers(dependencies: WatcherDependencies): Watchers {
  const { library, preferences, changes, onNotice } = dependencies
  const watched = new Map<number, Watched>()
  const reachable = new Map<number, boolean>()
  let looking: NodeJS.Timeout | null = null
  let updating: Promise<void> = Promise.resolve()

  async function rescan(rootId: number): Promise<void> {
    await (await library.open()).runner.enqueue(scanJobKind, { rootId })
  }
  const scanSoon = (rootId: number) => void rescan(rootId).catch(() => {})

  async function watch({ id, path }: Root): Promise<void> {
    const lose = () => void stop(id)
    try {
      watched.set(id, {
        watch: await watchFolder(path, () => scanSoon(id), lose),
        timer: null,
      })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      onNotice(
        `${path}: changes cannot be noticed at once (${reason}); it is looked through now and then.`,
      )
      watched.set(id, { watch: null, timer: setInterval(() => scanSoon(id), rescanIntervalMs) })
    }
  }

  async function stop(id: number): Promise<void> {
    const one = watched.get(id)
    watched.delete(id)
    if (one?.timer) clearInterval(one.timer)
    await one?.watch?.dispose().catch(() => {})
  }

  /** Folders that come later are scanned as they come. */
  async function catchUpAll(): Promise<void> {
    const { database } = await library.open()
    if (!(await preferences.get()).watchFolders) return
    for (const { id, path } of await database.roots.list()) {
      if (!reachable.get(id)) continue
      const snapshot = snapshotPathOf(database.folder, id)
      // What cannot be compared is looked through.
      await catchUp(path, snapshot, () => rescan(id)).catch(() => rescan(id))
    }
  }

  async function look(): Promise<void> {
    const { database } = await library.open()
    const wanted = (await preferences.get()).watchFolders
    const roots = await database.roots.list()
    for (const id of [...watched.keys()]) {
      if (!wanted || !roots.some((root) => root.id === id)) await stop(id)
    }
    for (const root of roots) {
      const there = (await reachRoot(root.path, await database.files.any(root.id))) !== null
      const before = reachable.get(root.id)
      reachable.set(root.id, there)
      if (before !== undefined && before !== there) {
        if (there) await rescan(root.id)
        changes.emit({ type: 'library' })
      }
      if (!there) await stop(root.id)
      else if (wanted && !watched.has(root.id)) await watch(root)
    }
  }

  function update(): Promise<void> {
    // A closed library is no failure of the watch; the next look finds out.
    updating = updating.then(look).catch(() => {})
    return updating
  }

  return {
    async start() {
      looking ??= setInterval(() => void update(), lookIntervalMs)
      await update()
      // Watched by now, so nothing comes between.
      updating = updating.then(catchUpAll).catch(() => {})
      await updating
    },
    update: async () => {
      if (looking) await update()
    },
    watching: () => new Set(watched.keys()),
    async dispose() {
      if (looking) clearInterval(looking)
      looking = null
      await updating
      for (const id of [...watched.keys()]) await stop(id)
    },
  }
}
