/** The entry of the thread that decodes pictures. */
import { moved, serveCalls } from '../workerCalls.js'
import { decodeImage } from './decodeImage.js'
import { drawThumbnail } from './drawThumbnail.js'
import type { ImageCalls } from './imageThread.js'

serveCalls<ImageCalls>(() => ({
  calls: {
    async decode({ path, options }) {
      const image = await decodeImage(path, options)
      const data = alone(image.data)
      return moved({ ...image, data }, [data.buffer])
    },
    async drawThumbnail({ path, size }) {
      const bytes = alone(await drawThumbnail(path, size))
      return moved(bytes, [bytes.buffer])
    },
  },
}))

/** The bytes in a buffer of their own, which can move. */
function alone(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}
