/** A picture of which the starter's detector tells what is in it: two teddy bears. */
import sharp from 'sharp'
import { renderIcon } from './iconFolder.js'

/** Writes a JPEG of two teddy bears side by side: a little below the middle, each 0.42 wide. */
export async function writeTeddyBears(path: string): Promise<void> {
  const input = await renderIcon('teddy-bear', 420)
  const background = { width: 1000, height: 700, channels: 3, background: '#dfe8ee' } as const
  await sharp({ create: background })
    .composite([40, 540].map((left) => ({ input, left, top: 180 })))
    .jpeg()
    .toFile(path)
}
