/** The only composition root: wires storage, models, jobs and search into one engine. */
import { join } from 'node:path'
import { projectRoot } from '../platform/entries.js'
import { libraryFolder } from '../platform/paths.js'
import { createJobsApi, type JobsApi } from './api/jobs.js'
import { createLibraryApi, type LibraryApi } from './api/library.js'
import { createModelsApi, type ModelsApi } from './api/models.js'
import { createSearchApi, type SearchApi } from './api/search.js'
import { createTrainingApi, type TrainingApi } from './api/training.js'
import { createEncoderCache } from './encoderCache.js'
import { createLibraryOpener } from './openLibrary.js'
import { createVectorCache } from './vectorCache.js'

export interface EngineOptions {
  /** Where the library lives; SEMBLANCE_HOME or the platform's place for app data if not given. */
  readonly libraryFolder?: string | undefined
  /** The model that ships with the app. */
  readonly starterFolder?: string
  /** Told in a sentence of what went wrong and was survived. */
  readonly onNotice?: (message: string) => void
}

/** Everything a host can ask for, by group. */
export interface Engine {
  readonly library: LibraryApi
  readonly search: SearchApi
  readonly models: ModelsApi
  readonly jobs: JobsApi
  readonly training: TrainingApi
  /** Interrupts running jobs, which go on at the next start, and closes the library. */
  dispose(): Promise<void>
}

/** Makes an engine; the library is opened by the first call that needs it. */
export function createEngine(options: EngineOptions = {}): Engine {
  const onNotice = options.onNotice ?? (() => {})
  const starterFolder = options.starterFolder ?? join(projectRoot, 'models', 'starter')
  const library = createLibraryOpener({
    folder: libraryFolder(options.libraryFolder),
    onNotice,
  })
  const encoders = createEncoderCache()
  const vectors = createVectorCache({ library, onNotice })
  const models = createModelsApi({ library, starterFolder })
  return {
    library: createLibraryApi({ library, models }),
    search: createSearchApi({ library, models, encoders, vectors }),
    models,
    jobs: createJobsApi({ library }),
    training: createTrainingApi({ models }),
    async dispose() {
      await encoders.dispose()
      await vectors.dispose()
      await library.dispose()
    },
  }
}
