/** Shapes whose names tell days, over several months, for views that go by date. */
import { mkdir, rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { writeShapes } from './pictureFolder.js'

/** The months over which the shapes are spread, oldest first. */
export const shapeMonths = ['2024-03', '2024-05', '2024-11', '2025-01'] as const

/** Writes `count` pictures such as `2024-03-01 red circle.png`; the last one is the newest. */
export async function writeDatedShapes(folder: string, count = 40): Promise<void> {
  await mkdir(folder, { recursive: true })
  const paths = await writeShapes(folder, count)
  for (const [index, path] of paths.entries()) {
    const perMonth = Math.ceil(count / shapeMonths.length)
    const month = shapeMonths[Math.floor(index / perMonth)]!
    const day = String(1 + (index % perMonth)).padStart(2, '0')
    await rename(path, join(dirname(path), `${month}-${day} ${basename(path)}`))
  }
}
