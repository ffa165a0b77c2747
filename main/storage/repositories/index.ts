/** All repositories over one connection or transaction. */
import type { Knex } from 'knex'
import { createEmbeddingRepository } from './embeddings.js'
import { createEncodingQueueRepository } from './encodingQueue.js'
import { createFailureRepository } from './failures.js'
import { createFileRepository } from './files.js'
import { createFullTextRepository } from './fullText.js'
import { createJobRepository } from './jobs.js'
import { createJudgementRepository } from './judgements.js'
import { createLibraryValueRepository } from './libraryValues.js'
import { createModelRepository } from './models.js'
import { createObjectRepository } from './objects.js'
import { createPhotoRepository } from './photos.js'
import { createRootRepository } from './roots.js'
import { createSearchHistoryRepository } from './searchHistory.js'
import { createSettingRepository } from './settings.js'
import { createShownPhotoRepository } from './shownPhotos.js'
import { createTeachRunRepository } from './teachRuns.js'
import { createThumbnailFailureRepository } from './thumbnailFailures.js'
import { createWordRepository } from './words.js'

export type Repositories = ReturnType<typeof createRepositories>

export function createRepositories(connection: Knex) {
  return {
    roots: createRootRepository(connection),
    photos: createPhotoRepository(connection),
    files: createFileRepository(connection),
    captions: createWordRepository(connection, 'captions'),
    tags: createWordRepository(connection, 'tags'),
    models: createModelRepository(connection),
    settings: createSettingRepository(connection),
    embeddings: createEmbeddingRepository(connection),
    encodingQueue: createEncodingQueueRepository(connection),
    failures: createFailureRepository(connection),
    objects: createObjectRepository(connection),
    jobs: createJobRepository(connection),
    fullText: createFullTextRepository(connection),
    shownPhotos: createShownPhotoRepository(connection),
    libraryValues: createLibraryValueRepository(connection),
    searchHistory: createSearchHistoryRepository(connection),
    judgements: createJudgementRepository(connection),
    thumbnailFailures: createThumbnailFailureRepository(connection),
    teachRuns: createTeachRunRepository(connection),
  }
}
