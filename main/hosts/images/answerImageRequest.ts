/** Answers requests for pictures, the same for the server and the desktop's own protocol. */
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { isAppError, toWireError } from '../../../shared/errors.js'
import type { ImageSource, ImageVariant, ServedFile } from './imageSource.js'
import { sendTiles, tilesAtMost } from './sendTiles.js'

/** Largest picture to look for. */
export const pictureLimitBytes = 64 * 1024 * 1024

/** A stream costs more than a read of a tile; larger files are not held in memory. */
const readAtOnceBytes = 256 * 1024

const imagePath = /^\/images\/([\w-]{1,64})\/(\d{1,15})\/(tile|preview|original)$/
const tilesPath = /^\/images\/([\w-]{1,64})\/tiles\/(\d{1,15}(?:,\d{1,15})*)$/
const picturePath = /^\/pictures\/([\w-]{1,128})$/

/**
 * The answer to a request below /images or /pictures; null for any other address.
 *
 * GET and HEAD /images/<library>/<photo>/<variant> and /pictures/<id> send files, POST /pictures
 * takes one; GET /images/<library>/tiles/<photo>,<photo>,… sends many tiles.
 */
export async function answerImageRequest(
  request: Request,
  source: ImageSource,
): Promise<Response | null> {
  const { pathname } = new URL(request.url)
  const reading = request.method === 'GET' || request.method === 'HEAD'
  try {
    if (request.method === 'POST' && pathname === '/pictures')
      return await takePicture(request, source)
    const image = reading ? imagePath.exec(pathname) : null
    if (image) {
      const [, library = '', photo = '', variant] = image
      const file = await source.find(library, Number(photo), variant as ImageVariant)
      return await sendFile(request, file)
    }
    const tiles = request.method === 'GET' ? tilesPath.exec(pathname) : null
    if (tiles) {
      const [, library = '', list = ''] = tiles
      const photos = list.split(',').map(Number)
      if (photos.length > tilesAtMost) return new Response(null, { status: 414 })
      return await sendTiles(library, photos, source)
    }
    const picture = reading ? picturePath.exec(pathname) : null
    if (picture) return await sendFile(request, await source.findPicture(picture[1]!))
  } catch (error) {
    return describeFailure(error)
  }
  return null
}

async function takePicture(request: Request, source: ImageSource): Promise<Response> {
  const bytes = await readBounded(request)
  if (bytes === null) return new Response(null, { status: 413 })
  return Response.json(await source.addPicture(bytes))
}

/** The body, or null if it is too large; it is not read further than that. */
async function readBounded(request: Request): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = []
  let length = 0
  if (Number(request.headers.get('content-length') ?? 0) > pictureLimitBytes) return null
  for await (const part of request.body ?? []) {
    length += part.length
    if (length > pictureLimitBytes) return null
    parts.push(part)
  }
  return Buffer.concat(parts)
}

async function sendFile(request: Request, file: ServedFile): Promise<Response> {
  const headers = new Headers({
    'content-type': file.contentType,
    etag: file.etag,
    'accept-ranges': 'bytes',
    // A photo is its content: what stands at its address never changes.
    'cache-control': 'private, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  })
  if (request.headers.get('if-none-match') === file.etag) {
    return new Response(null, { status: 304, headers })
  }
  const { size } = await stat(file.path)
  const range = readRange(request.headers.get('range'), size)
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${size}`)
    return new Response(null, { status: 416, headers })
  }
  const { start, end } = range ?? { start: 0, end: size - 1 }
  headers.set('content-length', String(end - start + 1))
  if (range) headers.set('content-range', `bytes ${start}-${end}/${size}`)
  const status = range ? 206 : 200
  if (request.method === 'HEAD' || size === 0) return new Response(null, { status, headers })
  if (!range && size <= readAtOnceBytes) {
    const bytes = new Uint8Array(await readFile(file.path))
    // Another thumbnail may have taken its place.
    headers.set('content-length', String(bytes.length))
    return new Response(bytes, { status, headers })
  }
  const stream = createReadStream(file.path, { start, end })
  return new Response(Readable.toWeb(stream) as ReadableStream, { status, headers })
}

/** One range of bytes, first and last; null for the whole file (several ranges are not offered). */
function readRange(
  header: string | null,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | null {
  const match = header?.match(/^bytes=(\d*)-(\d*)$/)
  if (!match || (match[1] === '' && match[2] === '')) return null
  const [first, last] = [match[1]!, match[2]!]
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  return start >= size || start > end ? 'unsatisfiable' : { start, end }
}

function describeFailure(error: unknown): Response {
  if (isAppError(error)) {
    const { code, data, message } = toWireError(error)
    const missing = code === 'PHOTO_NOT_FOUND' || code === 'FILE_NOT_FOUND'
    return Response.json({ code, data, message }, { status: missing ? 404 : 422 })
  }
  const gone = (error as NodeJS.ErrnoException).code === 'ENOENT'
  return new Response(null, { status: gone ? 404 : 500 })
}
