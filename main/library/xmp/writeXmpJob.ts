/** The job that writes captions and tags into photos' files, or beside them; only ever when asked. */
import { z } from 'zod'
import { isAppError } from '../../../shared/errors.js'
import { defineJobKind, type JobContext } from '../../jobs/jobKind.js'
import { fromPortablePath } from '../../platform/paths.js'
import type { Database } from '../../storage/openDatabase.js'
import { locatePhotos } from '../locatePhotos.js'
import { openXmpWriter, type XmpWriter } from './xmpWriter.js'

export const writeXmpJobKind = 'write words'

const paramsSchema = z.object({ photoIds: z.array(z.number().int()) })
const checkpointSchema = z.object({ done: z.number().int() }).nullable()

type Params = z.infer<typeof paramsSchema>

export function createWriteXmpJob(database: Database, onNotice: (message: string) => void) {
  return defineJobKind<Params>({
    lane: 'write words',
    paramsSchema,
    run: (context) => writeAll(database, onNotice, context),
  })
}

async function writeAll(
  database: Database,
  onNotice: (message: string) => void,
  { params, checkpoint, signal, report, save }: JobContext<Params>,
): Promise<{ written: number; failed: number }> {
  const total = params.photoIds.length
  const from = checkpointSchema.parse(checkpoint)?.done ?? 0
  const result = { written: 0, failed: 0 }
  const writer = await openXmpWriter()
  try {
    for (let done = from; done < total; done++) {
      signal.throwIfAborted()
      report({ phase: 'writing words', done, total })
      const written = await writePhoto(database, writer, params.photoIds[done]!, onNotice)
      result[written ? 'written' : 'failed']++
      await save({ done: done + 1 })
    }
  } finally {
    await writer.dispose()
  }
  return result
}

/** Whether every file of the photo that can be reached took the words, or has them beside it now. */
async function writePhoto(
  database: Database,
  writer: XmpWriter,
  photoId: number,
  onNotice: (message: string) => void,
): Promise<boolean> {
  const places = (await locatePhotos(database, [photoId])).get(photoId) ?? []
  const texts = async (kind: 'captions' | 'tags') =>
    (await database[kind].ofPhotos([photoId])).map(({ text }) => text)
  const words = { captions: await texts('captions'), tags: await texts('tags') }
  const reachable = places.filter((place) => !place.offline)
  try {
    for (const { rootPath, relativePath } of reachable) {
      await writer.write(fromPortablePath(rootPath, relativePath), words)
    }
    return reachable.length > 0
  } catch (error) {
    if (!isAppError(error)) throw error
    onNotice(error.message)
    return false
  }
}
