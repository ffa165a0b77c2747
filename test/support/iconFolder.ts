/** Pictures of known things, drawn from the icons of the sample collection. */
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { z } from 'zod'
import { renderSvg } from '../../main/platform/images/renderSvg.js'

const iconSetSchema = z.object({
  width: z.number(),
  height: z.number(),
  icons: z.record(z.string(), z.object({ body: z.string() })),
})

const require = createRequire(import.meta.url)
const set = iconSetSchema.parse(require('@iconify-json/fluent-emoji/icons.json'))

/** Names of all icons but those in another tone of skin. */
export function iconNames(): string[] {
  return Object.keys(set.icons).filter((name) => !/(^|-)(dark|light|medium)(-|$)/.test(name))
}

/** The icon of that name ('red-apple') as a square PNG. */
export async function renderIcon(icon: string, side: number): Promise<Buffer> {
  const size = `viewBox="0 0 ${set.width} ${set.height}" width="${set.width}" height="${set.height}"`
  const links = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
  return Buffer.from(
    await renderSvg(`<svg ${links} ${size}>${set.icons[icon]!.body}</svg>`, side, icon),
  )
}

/**
 * Writes a PNG for each file name, showing the icon of that name ('red-apple').
 *
 * @param icons icon by path inside of the folder, without its ending
 */
export async function writeIcons(
  folder: string,
  icons: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, icon] of Object.entries(icons)) {
    const file = join(folder, `${path}.png`)
    await mkdir(join(file, '..'), { recursive: true })
    await writeFile(file, await renderIcon(icon, 128))
  }
}
