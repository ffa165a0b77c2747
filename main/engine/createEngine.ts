/** The only composition root: wires storage, models, jobs and search into one engine. */
import { join } from 'node:path'
import type { EngineClient } from '../../shared/contract/contract.js'
import { projectRoot } from '../platform/entries.js'
import { libraryFolder } from '../platform/paths.js'
import { createInsightApi } from './api/insight.js'
import { createJobsApi, type JobsApi } from './api/jobs.js'
import { createLibraryApi, type LibraryApi } from './api/library.js'
import { createModelCalls } from './api/models.js'
import { createSearchApi, type SearchApi } from './api/search.js'
import { createPreferences } from './api/settings.js'
import { createTeachApi } from './api/teach.js'
import { createTrainingApi, type TrainingApi } from './api/training.js'
import { createChanges } from './changes.js'
import { createEncoderCache } from './encoderCache.js'
import { createEventSource } from './events.js'
import { createHandles, type Handles } from './handles.js'
import { createModelRegistry, type ModelRegistry } from './modelRegistry.js'
import { createLibraryOpener } from './openLibrary.js'
import { createRankers } from './rankers.js'
import { type ContractApi, createLocalClient, createRouter, type EngineRouter } from './router.js'
import { createVectorCache } from './vectorCache.js'

export interface EngineOptions {
  /** Where the library lives; SEMBLANCE_HOME or the platform's place for app data if not given. */
  readonly libraryFolder?: string | undefined
  /** The model that ships with the app. */
  readonly starterFolder?: string
  /** Told in a sentence of what went wrong and was survived. */
  readonly onNotice?: (message: string) => void
  /** Told of defects, under the id that the person sees. */
  readonly onDefect?: (id: string, error: unknown) => void
}

/** Everything a host can ask for, by group. */
export interface Engine {
  readonly library: LibraryApi
  readonly search: SearchApi
  readonly models: ModelRegistry
  readonly jobs: JobsApi
  readonly training: TrainingApi
  /** The contract, for transports. */
  readonly router: EngineRouter
  /** The contract, for this process. */
  readonly client: EngineClient
  /** Where hosts grant what a person chose. */
  readonly handles: Handles
  /** Opens the library, goes on with its jobs and watches its folders: for hosts that stay. */
  start(): Promise<void>
  /** Interrupts running jobs, which go on at the next start, and closes the library. */
  dispose(): Promise<void>
}

/** Makes an engine; the library is opened by the first call that needs it. */
export function createEngine(options: EngineOptions = {}): Engine {
  const changes = createChanges()
  const onNotice = (message: string) => {
    options.onNotice?.(message)
    changes.emit({ type: 'notice', message })
  }
  const starterFolder = options.starterFolder ?? join(projectRoot, 'models', 'starter')
  const library = createLibraryOpener({
    folder: libraryFolder(options.libraryFolder),
    onNotice,
    changes,
  })
  const handles = createHandles()
  const encoders = createEncoderCache()
  const vectors = createVectorCache({ library, onNotice })
  const models = createModelRegistry({ library, starterFolder })
  const rankers = createRankers({ library, encoders })
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
  const preferences = createPreferences({ library, changes })
  const insight = createInsightApi({ library, registry: models, encoders, search })
  const router = createRouter({
    api: {
      jobs,
      search: search.calls,
      photos: insight.calls,
      models: createModelCalls({ library, registry: models, changes, preferences }),
      teach: createTeachApi({ library, registry: models, search, preferences, changes }),
    } as unknown as ContractApi,
    events: createEventSource({ library, changes }),
    onDefect: options.onDefect ?? (() => {}),
  })
  return {
    library: createLibraryApi({ library, models }),
    search,
    models,
    jobs,
    training: createTrainingApi({ models }),
    router,
    client: createLocalClient(router),
    handles,
    async start() {
      await (await library.open()).startJobs()
      // The first search finds everything loaded; what is wrong with a model, it will tell itself.
      search.warm().catch(() => {})
    },
    async dispose() {
      await insight.dispose()
      await encoders.dispose()
      await vectors.dispose()
      await rankers.release()
      await library.dispose()
    },
  }
}
