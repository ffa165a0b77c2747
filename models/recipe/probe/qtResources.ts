/** Reads Qt resource files (.rcc), in which some packages keep their pictures. */
import { inflateSync } from 'node:zlib'
import { AppError } from '../../../shared/errors.js'

const magic = 'qres'
const isFolder = 2
const isDeflated = 1
/** Bytes of one entry of the tree; from version 2 on it ends with a time. */
const entryLength = [0, 14, 22, 22] as const

/**
 * The files in a resource file by path, without a slash before it.
 *
 * Its header holds the offsets of a tree, of the data and of the names; an entry of the tree is a
 * name, flags, and either its first child and their number, or the place of its data (Qt's
 * `rcc` format, versions 1 to 3). Zstandard is not read; no package here uses it.
 *
 * @throws AppError FILE_UNREADABLE for anything else
 */
export function readQtResources(bytes: Buffer, path: string): Map<string, Buffer> {
  const version = bytes.length < 20 ? 0 : bytes.readUInt32BE(4)
  const length = entryLength[version]
  if (bytes.toString('latin1', 0, 4) !== magic || length === undefined || length === 0) {
    throw new AppError('FILE_UNREADABLE', { path, reason: 'it is no Qt resource file' })
  }
  const [tree, data, names] = [8, 12, 16].map((at) => bytes.readUInt32BE(at)) as [
    number,
    number,
    number,
  ]
  const files = new Map<string, Buffer>()
  const visit = (entry: number, parent: string): void => {
    const at = tree + entry * length
    const flags = bytes.readUInt16BE(at + 4)
    const own = entry === 0 ? '' : readName(bytes, names + bytes.readUInt32BE(at))
    const full = parent === '' ? own : `${parent}/${own}`
    if (flags & isFolder) {
      const [count, first] = [bytes.readUInt32BE(at + 6), bytes.readUInt32BE(at + 10)]
      for (let child = first; child < first + count; child++) visit(child, full)
      return
    }
    files.set(full, readData(bytes, data + bytes.readUInt32BE(at + 10), flags))
  }
  visit(0, '')
  return files
}

/** UTF-16, after its length and a hash. */
function readName(bytes: Buffer, at: number): string {
  const length = bytes.readUInt16BE(at)
  const units = Buffer.from(bytes.subarray(at + 6, at + 6 + 2 * length))
  return units.swap16().toString('utf16le')
}

function readData(bytes: Buffer, at: number, flags: number): Buffer {
  const stored = bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at))
  // Before deflated data stands their length.
  return flags & isDeflated ? inflateSync(stored.subarray(4)) : stored
}
