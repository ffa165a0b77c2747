/** What a person can set, and where the library's things lie. */
import { realpath } from 'node:fs/promises'
import type { CallOutputs } from '../../../shared/contract/contract.js'
import type { Settings } from '../../../shared/domain/settings.js'
import { AppError } from '../../../shared/errors.js'
import { toFileError } from '../../platform/fileErrors.js'
import type { Database } from '../../storage/openDatabase.js'
import { teachJobKind } from '../../tuning/teachJob.js'
import type { Changes } from '../changes.js'
import type { Gate } from '../gate.js'
import type { Handles } from '../handles.js'
import type { LibraryPlace } from '../libraryPlace.js'
import { moveLibrary, prepareTarget } from '../moveLibrary.js'
import type { LibraryOpener } from '../openLibrary.js'
import type { Preferences, SettingsChange } from '../preferences.js'
import type { ApiOf } from '../router.js'
import type { ThumbnailPlace } from '../thumbnailPlace.js'

export interface SettingsDependencies {
  readonly library: LibraryOpener
  readonly changes: Changes
  readonly gate: Gate
  readonly handles: Handles
  readonly place: LibraryPlace
  readonly preferences: Preferences
  readonly thumbnailPlace: ThumbnailPlace
  /** Opens the active model's encoders as the settings now are. @throws DEVICE_UNAVAILABLE */
  readonly reopenEncoders: () => Promise<void>
  /** Has photos indexed that lack something. */
  readonly enqueueMissing: () => Promise<void>
  /** Ends every thread that reads the library's files; they start again when needed. */
  readonly release: () => Promise<void>
}

/** These calls mind the gate themselves, since some of them close it. */
export function createSettingsCalls(dependencies: SettingsDependencies): ApiOf<'settings'> {
  const { library, changes, gate, handles, place, preferences } = dependencies
  const { thumbnailPlace } = dependencies

  const places = (): Promise<CallOutputs['settings']['places']> =>
    gate.pass(async () => {
      const { database, thumbnailCache } = await library.open()
      return {
        libraryFolder: database.folder,
        thumbnailFolder: await thumbnailPlace.folder(),
        thumbnailBytes: await thumbnailCache.sizeBytes(),
      }
    })

  async function setEncoders(change: SettingsChange, before: Settings): Promise<Settings> {
    const settings = await preferences.set(change)
    const { device, threads } = before
    if (settings.device === device && settings.threads === threads) return settings
    try {
      await dependencies.reopenEncoders()
    } catch (error) {
      await preferences.set({ device, threads })
      throw error
    }
    return settings
  }

  /** What is switched off is forgotten; what is switched on is looked for in the background. */
  async function followObjects(before: Settings, { findObjects }: Settings): Promise<void> {
    if (before.findObjects === findObjects) return
    if (findObjects) await dependencies.enqueueMissing()
    else await (await library.open()).database.objects.forgetAll()
    changes.emit({ type: 'words' })
  }

  return {
    get: () => gate.pass(preferences.get),

    async set(change) {
      const before = await gate.pass(preferences.get)
      const settings =
        change.device === undefined && change.threads === undefined
          ? await gate.pass(() => preferences.set(change))
          : await gate.alone(() => setEncoders(change, before))
      await gate.pass(() => followObjects(before, settings))
      return settings
    },

    places,

    async moveLibrary({ folder }) {
      refuseFixedPlace(place)
      const to = await realFolder(handles.resolve(folder))
      await gate.alone(async () => {
        const { database } = await library.open()
        await refuseWhileTeaching(database)
        await prepareTarget(await realpath(database.folder), to)
        await dependencies.release()
        await library.whileClosed((from) => moveLibrary(place, from, to))
      })
      changes.emit({ type: 'library' })
      changes.emit({ type: 'models' })
      return places()
    },

    async moveThumbnails({ folder }) {
      const parent = folder === null ? null : await realFolder(handles.resolve(folder))
      await gate.alone(() => thumbnailPlace.move(parent))
      return places()
    },

    async clearThumbnails() {
      await gate.alone(thumbnailPlace.clear)
      return places()
    },
  }
}

function realFolder(path: string): Promise<string> {
  return realpath(path).catch((error: unknown) => {
    throw toFileError(error, path)
  })
}

function refuseFixedPlace({ movable }: LibraryPlace): void {
  if (movable) return
  throw new AppError('INVALID_ARGUMENT', {
    argument: 'library',
    problem: 'it was opened by --library or SEMBLANCE_HOME; name another folder there instead',
  })
}

/** A trainer writes to where it was told to when it began. */
async function refuseWhileTeaching({ jobs }: Database): Promise<void> {
  const unfinished = ['queued', 'running', 'paused']
  const listed = await jobs.list(1_000)
  if (!listed.some(({ kind, state }) => kind === teachJobKind && unfinished.includes(state))) return
  throw new AppError('INVALID_ARGUMENT', {
    argument: 'library',
    problem: 'a model is being taught; let that end, or cancel it first',
  })
}
