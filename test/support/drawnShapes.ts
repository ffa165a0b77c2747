/** Many different pictures of few kinds of things, for models to learn from within seconds. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

const colours = ['red', 'green', 'blue', 'yellow', 'black', 'white']
const shapes = {
  circle: '<circle cx="0" cy="0" r="24"/>',
  square: '<rect x="-22" y="-22" width="44" height="44"/>',
  bar: '<rect x="-30" y="-8" width="60" height="16"/>',
}

/**
 * Writes `variants` pictures of each coloured shape into `folder`, each at another place, of another
 * size and on another ground, with names such as `red circle_1000.png`.
 */
export async function drawShapes(folder: string, variants: number): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const kinds = colours.flatMap((colour) => Object.keys(shapes).map((shape) => [colour, shape]))
  const paths = Array.from({ length: kinds.length * variants }, async (_, i) => {
    const [colour, shape] = kinds[i % kinds.length]!
    const variant = Math.floor(i / kinds.length)
    const path = join(folder, `${colour} ${shape}_${1000 + variant}.png`)
    const at = `translate(${38 + ((i * 7) % 24)} ${38 + ((i * 11) % 24)}) scale(${1 + ((i * 5) % 7) / 10})`
    const ground = `hsl(${(i * 47) % 360} 30% ${40 + ((i * 13) % 25)}%)`
    const body = `<g fill="${colour}" transform="${at}">${shapes[shape as keyof typeof shapes]}</g>`
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><rect width="100" height="100" fill="${ground}"/>${body}</svg>`
    await writeFile(path, await sharp(Buffer.from(svg)).png().toBuffer())
    return path
  })
  return Promise.all(paths)
}
