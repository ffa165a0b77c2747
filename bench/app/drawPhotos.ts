/** Draws pictures that decode as slowly as photographs of their size: soft shapes under noise. */

import sharp from 'sharp'
import { thumbnailSizes } from '../../main/library/thumbnails/thumbnailSizes.js'
import { createRandom, type Random } from '../../main/ml/training/random.js'
import { drawThumbnail } from '../../main/platform/images/drawThumbnail.js'
import { mapBounded } from '../../main/platform/mapBounded.js'

export interface DrawnPhoto {
  /** JPEG. */
  readonly bytes: Buffer
  /** WebP, as the app draws it for its grid. */
  readonly tile: Buffer
  readonly width: number
  readonly height: number
}

/** Width and height of pictures as cameras and telephones make them, at a tile's size. */
const shapes = [
  [480, 320],
  [427, 320],
  [240, 320],
  [213, 320],
  [569, 320],
  [320, 320],
] as const

export function drawPhotos(count: number): Promise<DrawnPhoto[]> {
  return mapBounded(
    Array.from({ length: count }, (_, i) => i),
    2,
    drawPhoto,
  )
}

async function drawPhoto(index: number): Promise<DrawnPhoto> {
  const random = createRandom(index)
  const [width, height] = shapes[index % shapes.length]!
  const bytes = await sharp(Buffer.from(landscape(width, height, random)))
    .composite([{ input: await grain(width, height), blend: 'overlay' }])
    .jpeg({ quality: 80 })
    .toBuffer()
  return { bytes, tile: await drawThumbnail(bytes, thumbnailSizes.tile), width, height }
}

function landscape(width: number, height: number, random: Random): string {
  const colour = () =>
    `hsl(${random.integer(360)} ${30 + random.integer(50)}% ${20 + random.integer(60)}%)`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="100%" height="100%" fill="${colour()}"/>
    <circle cx="${random.integer(width)}" cy="${random.integer(height)}" r="${20 + random.integer(80)}" fill="${colour()}"/>
    <rect y="${height / 2 + random.integer(height / 3)}" width="100%" height="100%" fill="${colour()}"/>
  </svg>`
}

/** Texture, without which a tile would have a tenth of the bytes of a photograph's. */
async function grain(width: number, height: number): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 70 } as const
  return sharp({ create: { width, height, channels: 3, background: 'gray', noise } })
    .blur(0.6)
    .png()
    .toBuffer()
}
