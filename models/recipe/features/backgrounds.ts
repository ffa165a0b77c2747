/** Photographs to put behind cut-outs: quarters of the wallpapers. */
import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { decodeImage } from '../../../main/platform/images/decodeImage.js'
import { sourceFolder } from '../folders.js'

const packages = ['plasma-workspace-wallpapers', 'gnome-backgrounds', 'mate-backgrounds']

/** Photographs of one size, and which of them are parts of which file. */
export interface Backgrounds {
  /** `[size, size, 3]` each, in a stable order. */
  readonly photographs: readonly Uint8Array[]
  /** Numbers in `photographs` by the path of the file. */
  readonly byPath: ReadonlyMap<string, readonly number[]>
}

/** Four pictures from each wallpaper. */
export async function readBackgrounds(size: number): Promise<Backgrounds> {
  const photographs: Uint8Array[] = []
  const byPath = new Map<string, number[]>()
  for (const path of await listWallpapers()) {
    const shape = { width: 2 * size, height: 2 * size, fit: 'cover' } as const
    const { data } = await decodeImage(path, shape)
    for (const [left, top] of [
      [0, 0],
      [size, 0],
      [0, size],
      [size, size],
    ] as const) {
      byPath.set(path, [...(byPath.get(path) ?? []), photographs.length])
      photographs.push(cut(data, 2 * size, left, top, size))
    }
  }
  return { photographs, byPath }
}

/** One file of each wallpaper: packages hold the same one in many sizes. */
async function listWallpapers(): Promise<string[]> {
  const chosen = new Map<string, string>()
  for (const name of packages) {
    const folder = join(sourceFolder(name), 'usr', 'share')
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const files = entries
      .filter((entry) => entry.isFile() && /\.(jpe?g|webp)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
    for (const file of files) {
      const parts = relative(folder, file).split('/')
      const wallpaper = parts.includes('contents') ? parts.slice(0, 2).join('/') : file
      if (!chosen.has(wallpaper)) chosen.set(wallpaper, file)
    }
  }
  return [...chosen.values()]
}

function cut(data: Uint8Array, width: number, left: number, top: number, size: number): Uint8Array {
  const part = new Uint8Array(size * size * 3)
  for (let y = 0; y < size; y++) {
    const start = 3 * ((top + y) * width + left)
    part.set(data.subarray(start, start + 3 * size), 3 * y * size)
  }
  return part
}
