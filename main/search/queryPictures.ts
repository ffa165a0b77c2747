/** Pictures from outside of the library that were looked for, by the hash of their bytes. */
import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomically } from '../platform/atomicFiles.js'
import { readImageBytes } from '../platform/images/readImageBytes.js'
import { renderPreview } from '../platform/images/renderPreview.js'

export interface QueryPictures {
  /** @throws AppError IMAGE_UNREADABLE, FILE_NOT_FOUND, DISK_FULL */
  add(source: string | Uint8Array): Promise<string>
  /** Path of a picture that was added; null if it is not kept any more. */
  find(picture: string): Promise<string | null>
}

/** Long edge of what is kept: more than any encoder looks at. */
const edgePixels = 1_024
/** Some 150 KB each; those looked for longest ago go first. */
const keptPictures = 500
export const queryPictureType = 'image/webp'

/**
 * What is kept is drawn anew from the decoded picture, so that nothing of a hostile file reaches a
 * page that shows it.
 */
export function createQueryPictures(folder: string): QueryPictures {
  const pathOf = (picture: string) => join(folder, `${picture}.webp`)

  async function find(picture: string): Promise<string | null> {
    if (!/^[0-9a-f]{32}$/.test(picture)) return null
    const path = pathOf(picture)
    const now = new Date()
    return utimes(path, now, now).then(
      () => path,
      () => null,
    )
  }

  async function dropOldest(): Promise<void> {
    const names = await readdir(folder)
    if (names.length <= keptPictures) return
    const files = await Promise.all(
      names.map(async (name) => {
        const path = join(folder, name)
        return {
          path,
          usedAt: await stat(path).then(
            ({ mtimeMs }) => mtimeMs,
            () => 0,
          ),
        }
      }),
    )
    files.sort((a, b) => b.usedAt - a.usedAt)
    for (const { path } of files.slice(keptPictures)) await rm(path, { force: true })
  }

  return {
    find,
    async add(source) {
      const image = await readImageBytes(source)
      const picture = createHash('sha256').update(image.bytes).digest('hex').slice(0, 32)
      if ((await find(picture)) !== null) return picture
      const preview = await renderPreview(image, edgePixels)
      await mkdir(folder, { recursive: true })
      await writeFileAtomically(pathOf(picture), preview)
      await dropOldest()
      return picture
    },
  }
}
