/** Small folders of real picture files for tests: coloured shapes named after what they show. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

const colours = {
  red: '#d22',
  green: '#2a2',
  blue: '#22d',
  yellow: '#ed2',
  black: '#111',
  white: '#fff',
  purple: '#82c',
  orange: '#e82',
  pink: '#f8b',
  brown: '#852',
} as const
const shapes = {
  circle: '<circle cx="32" cy="32" r="24" fill="C"/>',
  square: '<rect x="10" y="10" width="44" height="44" fill="C"/>',
  triangle: '<path d="M32 8 58 56H6z" fill="C"/>',
  ring: '<circle cx="32" cy="32" r="20" fill="none" stroke="C" stroke-width="9"/>',
  cross: '<path d="M32 8v48M8 32h48" stroke="C" stroke-width="12"/>',
  star: '<path d="m32 6 7 18h19L43 36l6 20-17-12-17 12 6-20L6 24h19z" fill="C"/>',
} as const

/** The SVG text of one shape on a grey ground. */
export function shapeSvg(colour: keyof typeof colours, shape: keyof typeof shapes): string {
  const body = shapes[shape].replace('C', colours[colour])
  return `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" fill="#999"/>${body}</svg>`
}

/** All names of shapes that `writeShapes` can draw, such as "red circle". */
export const shapeNames: readonly string[] = Object.keys(colours).flatMap((colour) =>
  Object.keys(shapes).map((shape) => `${colour} ${shape}`),
)

/**
 * Writes `count` pictures (at most 60) such as `red circle.png` into `folder`.
 *
 * @returns their paths
 */
export async function writeShapes(folder: string, count = shapeNames.length): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const paths: string[] = []
  for (const name of shapeNames.slice(0, count)) {
    const [colour, shape] = name.split(' ') as [keyof typeof colours, keyof typeof shapes]
    const path = join(folder, `${name}.png`)
    await writeFile(
      path,
      await sharp(Buffer.from(shapeSvg(colour, shape)))
        .png()
        .toBuffer(),
    )
    paths.push(path)
  }
  return paths
}
