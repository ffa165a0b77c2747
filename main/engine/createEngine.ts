/** The only composition root: wires storage, models, jobs and search into one engine. */
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { EngineClient } from '../../shared/contract/contract.js'
import { defaultSettings } from '../../shared/domain/settings.js'
import { scanJobKind } from '../library/scan/scanJob.js'
import { projectRoot } from '../platform/entries.js'
import { createImagesApi, type ImagesApi } from './api/images.js'
import { createInsightApi } from './api/insight.js'
import { createJobsApi } from './api/jobs.js'
import { createLibraryApi, type LibraryApi } from './api/library.js'
import { createLibraryCalls } from './api/libraryCalls.js'
import { createModelCalls } from './api/models.js'
import { createPhotoCalls } from './api/photos.js'
import { createSearchApi, type SearchApi } from './api/search.js'
import { createSettingsCalls } from './api/settings.js'
import { createTeachApi } from './api/teach.js'
import { createTrainingApi, type TrainingApi } from './api/training.js'
import { createChanges } from './changes.js'
import { createDefectLog } from './defectLog.js'
import { createEncoderCache } from './encoderCache.js'
import { createEncoderPace } from './encoderPace.js'
import { createEventSource } from './events.js'
import { enqueueMissing, followJobs } from './followUps.js'
import { createGate } from './gate.js'
import { createHandles, type Handles } from './handles.js'
import { createLibraryPlace } from './libraryPlace.js'
import { createModelRegistry, type ModelRegistry } from './modelRegistry.js'
import { createModelStore, type ModelStore } from './models/modelStore.js'
import { createLibraryOpener } from './openLibrary.js'
import { createPreferences } from './preferences.js'
import { createRankers } from './rankers.js'
import {
  createLocalClient,
  createRouter,
  type DefectListener,
  type EngineRouter,
} from './router.js'
import { createThumbnailPlace } from './thumbnailPlace.js'
import { createVectorCache } from './vectorCache.js'
import { createWatchers } from './watchRoots.js'

export interface EngineOptions {
  /** Where the library lives; SEMBLANCE_HOME or the platform's place for app data if not given. */
  readonly libraryFolder?: string | undefined
  /** Tells of SEMBLANCE_HOME and of the place for app data; the process's own if not given. */
  readonly environment?: NodeJS.ProcessEnv
  /** The model that ships with the app. */
  readonly starterFolder?: string
  /** Told in a sentence of what went wrong and was survived. */
  readonly onNotice?: (message: string) => void
  /** Told of defects, under the id that the person sees. */
  readonly onDefect?: DefectListener
}

/** Everything a host can ask for, by group. */
export interface Engine {
  readonly library: LibraryApi
  readonly search: SearchApi
  readonly models: ModelRegistry
  readonly modelStore: ModelStore
  readonly training: TrainingApi
  /** The contract, for transports. */
  readonly router: EngineRouter
  /** The contract, for this process. */
  readonly client: EngineClient
  /** Where hosts grant what a person chose. */
  readonly handles: Handles
  /** The files behind addresses of pictures. */
  readonly images: ImagesApi
  /**
   * Opens the library and goes on with its jobs: for hosts that stay. Then, without being waited for,
   * does what an engine that ended left undone, and watches the folders.
   */
  start(): Promise<void>
  /** Interrupts running jobs, which go on at the next start, and closes the library. */
  dispose(): Promise<void>
}

/** How long a person looks at first and searches at first. */
const firstLookMs = 2_000

/** Makes an engine; the library is opened by the first call that needs it. */
export function createEngine(options: EngineOptions = {}): Engine {
  const changes = createChanges()
  const onNotice = (message: string) => {
    options.onNotice?.(message)
    changes.emit({ type: 'notice', message })
  }
  const starterFolder = options.starterFolder ?? join(projectRoot, 'models', 'starter')
  const place = createLibraryPlace(options.libraryFolder, options.environment)
  const gate = createGate()
  const library = createLibraryOpener({ place, onNotice, changes })
  const log = createDefectLog(place.folder)
  let logged: Promise<void> = Promise.resolve()
  const onDefect: DefectListener = (id, error) => {
    logged = log(id, error)
    options.onDefect?.(id, error)
  }
  const handles = createHandles()
  const preferences = createPreferences({ library, changes })
  // A model outside the library runs without opening it, as it comes.
  const encoders = createEncoderCache(async () =>
    library.isOpen() ? preferences.get() : defaultSettings,
  )
  const vectors = createVectorCache({ library, onNotice })
  const models = createModelRegistry({ library, starterFolder })
  const modelStore = createModelStore({
    library,
    registry: models,
    preferences,
    onChange: () => changes.emit({ type: 'models' }),
  })
  const rankers = createRankers({ library, encoders })
  const thumbnailPlace = createThumbnailPlace(library)
  const search = createSearchApi({
    library,
    models,
    encoders,
    vectors,
    rankers,
    handles,
    onWords: () => changes.emit({ type: 'words' }),
  })
  const jobs = createJobsApi({ library })
  const watchers = createWatchers({ library, preferences, changes, onNotice })
  const insight = createInsightApi({ library, registry: models, encoders, search })
  const closing = new AbortController()
  /** What goes on after `start`. */
  let starting: Promise<void> = Promise.resolve()
  /**
   * Takes a large library a second or two, for which no window waits; one thing after the other, so
   * that a first search comes before work that has time.
   */
  async function goOn(): Promise<void> {
    const startedAt = Date.now()
    const { signal } = closing
    // The first search finds everything loaded; what is wrong with a model, it will tell itself.
    await search.warm().catch(() => {})
    await delay(firstLookMs, undefined, { signal })
    const opened = await library.open()
    // What a scan finds follows from its end, all at once.
    if (!(await opened.database.jobs.isUnderWay(scanJobKind))) {
      await enqueueMissing(opened, { models, preferences }, startedAt)
    }
    await watchers.start()
  }
  const release = async () => {
    await insight.release()
    await encoders.release()
    await vectors.release()
    await rankers.release()
  }
  const settings = createSettingsCalls({
    library,
    changes,
    gate,
    handles,
    place,
    preferences,
    thumbnailPlace,
    release,
    enqueueMissing: async () => enqueueMissing(await library.open(), { models, preferences }),
    async reopenEncoders() {
      await release()
      await encoders.text((await models.register(null)).directory)
    },
  })
  const images = createImagesApi({ library, search })
  const router = createRouter({
    api: {
      library: createLibraryCalls({
        library,
        models,
        encoders,
        preferences,
        handles,
        changes,
        watchers,
      }),
      jobs,
      search: search.calls,
      photos: { ...createPhotoCalls({ library, changes }), ...insight.calls },
      models: createModelCalls({
        library,
        registry: models,
        store: modelStore,
        handles,
        changes,
        preferences,
      }),
      teach: createTeachApi({
        library,
        registry: models,
        search,
        preferences,
        changes,
        pace: createEncoderPace(),
      }),
      settings,
    },
    events: createEventSource({ changes, listJobs: () => gate.pass(jobs.list) }),
    gate,
    onDefect,
  })
  return {
    library: createLibraryApi({ library, models, encoders }),
    search,
    models,
    modelStore,
    training: createTrainingApi({ models, starterFolder }),
    router,
    client: createLocalClient(router),
    handles,
    images: {
      find: (...photo) => gate.pass(() => images.find(...photo)),
      tilesAtHand: (...photos) => gate.pass(() => images.tilesAtHand(...photos)),
      findPicture: (picture) => gate.pass(() => images.findPicture(picture)),
      addPicture: (bytes) => gate.pass(() => images.addPicture(bytes)),
    },
    async start() {
      // What a library that is being closed refuses is no defect.
      const onError = (error: unknown) => {
        if (!closing.signal.aborted) onDefect('jobs', error)
      }
      followJobs({ library, changes, models, preferences, onError })
      await (await library.open()).startJobs()
      await place.tidy()
      await thumbnailPlace.tidy()
      await modelStore.tidy()
      starting = gate.pass(goOn)
      starting.catch(onError)
    },
    async dispose() {
      closing.abort()
      await starting.catch(() => {})
      await watchers.dispose()
      await release()
      await encoders.dispose()
      await library.dispose()
      await logged
    },
  }
}
