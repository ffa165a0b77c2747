/** The photos themselves: their order, what is known of each, and the user's words. */
import { describePhoto, summarizePhotos } from '../../library/describePhoto.js'
import { requirePhotos } from '../../library/requirePhotos.js'
import { packTimeline } from '../../library/timeline.js'
import { writeXmpJobKind } from '../../library/xmp/writeXmpJob.js'
import { chunks } from '../../storage/chunks.js'
import type { Changes } from '../changes.js'
import { libraryUid } from '../libraryUid.js'
import type { LibraryOpener } from '../openLibrary.js'
import type { ApiOf } from '../router.js'

export interface PhotoCallsDependencies {
  readonly library: LibraryOpener
  readonly changes: Changes
}

type PhotoCalls = Omit<ApiOf<'photos'>, 'suggestWords' | 'similar' | 'matchMap'>

export function createPhotoCalls({ library, changes }: PhotoCallsDependencies): PhotoCalls {
  const database = async () => (await library.open()).database
  return {
    async timeline({ order }) {
      const opened = await library.open()
      const columns = await packTimeline(await opened.gallery.get(), order)
      return { ...columns, library: await libraryUid(opened.database) }
    },
    summaries: async ({ ids }) => summarizePhotos((await database()).reads, ids),
    get: async ({ id }) => describePhoto((await database()).reads, id),

    async editWords({ ids, add, remove }) {
      const opened = await database()
      await requirePhotos(opened, ids)
      for (const some of chunks([...new Set(ids)])) {
        await opened.transaction(async (repositories) => {
          for (const kind of ['captions', 'tags'] as const) {
            await repositories[kind].removeTexts(some, remove[kind])
            await repositories[kind].addMany(
              some.flatMap((photoId) =>
                add[kind].map((text) => ({ photoId, text, source: 'user' })),
              ),
            )
          }
        })
      }
      changes.emit({ type: 'words' })
    },

    async writeXmp({ ids }) {
      const { runner } = await library.open()
      const { id } = await runner.enqueue(writeXmpJobKind, { photoIds: ids })
      return { job: id }
    },
  }
}
