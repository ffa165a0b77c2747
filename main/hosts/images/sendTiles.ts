/** Many of the grid's tiles in one answer: asked for one by one, they would take longer than to be drawn. */
import { readFile } from 'node:fs/promises'
import type { ImageSource } from './imageSource.js'

/** As many as one request may ask for; a window holds fewer. */
export const tilesAtMost = 64

/**
 * Text with a line for each photo, in the order in which they lie ready: its number and, after a
 * space, a data address of its tile; the number alone if there is no tile to be had.
 *
 * @throws AppError PHOTO_NOT_FOUND for another library's
 */
export async function sendTiles(
  library: string,
  photos: readonly number[],
  source: ImageSource,
): Promise<Response> {
  const paths = await source.tilesAtHand(library, photos)
  const lines = await Promise.all(paths.map((path, i) => path && readLine(photos[i]!, path)))
  let unwanted = false
  const stream = new ReadableStream<Uint8Array>({
    async start(controller) {
      const ready = lines.filter((line) => line !== null)
      if (ready.length > 0) controller.enqueue(Buffer.from(ready.join('')))
      const missing = photos.filter((_, i) => lines[i] === null)
      await Promise.all(
        missing.map(async (photo) => {
          const line = await drawLine(library, photo, source)
          if (!unwanted) controller.enqueue(Buffer.from(line))
        }),
      )
      if (!unwanted) controller.close()
    },
    cancel() {
      unwanted = true
    },
  })
  // The window keeps tiles itself, as it cannot ask for the same ones together again.
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }
  return new Response(stream, { headers })
}

async function drawLine(library: string, photo: number, source: ImageSource): Promise<string> {
  const file = await source.find(library, photo, 'tile').catch(() => null)
  return (file && (await readLine(photo, file.path))) ?? `${photo}\n`
}

/** Null if the file is gone: another thumbnail may have needed its place. */
async function readLine(photo: number, path: string): Promise<string | null> {
  const bytes = await readFile(path).catch(() => null)
  return bytes && `${photo} data:image/webp;base64,${bytes.toString('base64')}\n`
}
