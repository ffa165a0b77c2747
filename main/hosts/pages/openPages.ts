/** The window's own files: read into a list once, so that no address ever becomes a path. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { AppError } from '../../../shared/errors.js'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

interface Page {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly contentType: string
  readonly etag: string
  readonly cacheControl: string
}

export interface Pages {
  /** The file at an address; the first page for an address of one of its views. */
  answer(request: Request): Response
}

/** @throws AppError FILE_NOT_FOUND if the window was not built */
export async function openPages(folder: string): Promise<Pages> {
  const pages = new Map<string, Page>()
  for (const path of await filesBelow(folder)) {
    const address = `/${relative(folder, path).split(sep).join('/')}`
    pages.set(address, await readPage(path, address))
  }
  const index = pages.get('/index.html')
  if (!index) throw new AppError('FILE_NOT_FOUND', { path: join(folder, 'index.html') })
  return {
    answer(request) {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } })
      }
      const { pathname } = new URL(request.url)
      const page = pages.get(pathname) ?? (isView(pathname) ? index : undefined)
      return page ? send(request, page) : new Response(null, { status: 404 })
    },
  }
}

/** Addresses of views are words, such as /search; a name with a dot would be a file. */
function isView(pathname: string): boolean {
  return /^\/[a-z]*$/.test(pathname)
}

async function readPage(path: string, address: string): Promise<Page> {
  const bytes = new Uint8Array(await readFile(path))
  return {
    bytes,
    contentType: contentTypes[extname(path)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`,
    // Their names hold a hash of their content.
    cacheControl: address.startsWith('/assets/')
      ? 'private, max-age=31536000, immutable'
      : 'no-cache',
  }
}

function send(request: Request, { bytes, contentType, etag, cacheControl }: Page): Response {
  const headers = { 'content-type': contentType, etag, 'cache-control': cacheControl }
  if (request.headers.get('if-none-match') === etag) {
    return new Response(null, { status: 304, headers })
  }
  const length = { 'content-length': String(bytes.length) }
  return new Response(request.method === 'HEAD' ? null : bytes, {
    headers: { ...headers, ...length },
  })
}

async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).map((one) => join(one.parentPath, one.name))
  } catch (error) {
    throw new AppError('FILE_NOT_FOUND', { path: folder }, { cause: error })
  }
}
