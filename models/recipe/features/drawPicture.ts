/** The views of one picture: as it is, then on other grounds, in other places and light. */
import { createRandom, type Random } from '../../../main/ml/training/random.js'
import { isAppError } from '../../../shared/errors.js'
import { imageSize } from '../backbone/buildBackbone.js'
import type { Picture } from '../corpus/picture.js'
import { type Drawable, viewLength } from './computeGroups.js'
import { type CutOut, decodeCutOut } from './cutOut.js'
import { nameColour, shrink } from './describePixels.js'
import { drawCrop, drawView, plainView, type View } from './drawView.js'
import { viewCount } from './featureStore.js'
import { type Photographs, premultiply, renderView } from './renderView.js'

/** Views' random numbers are kept apart from every other use of the seed. */
const viewStream = 11

/** Goes up when pictures are drawn otherwise, so that what was seen of them before is not kept. */
const rule = 2

/**
 * @param number of the picture, which decides its views
 * @param round 0 for the plain view and the first others; each further one has as many others more
 */
export function drawPicture(
  picture: Picture,
  number: number,
  photographs: Photographs,
  round = 0,
): Drawable {
  return {
    id: `${picture.id}, rule ${rule}, round ${round}`,
    async draw(target) {
      const cutOut = await decodeIfReadable(picture)
      if (cutOut === null) return null
      const premultiplied = premultiply(cutOut)
      for (let k = 0; k < viewCount; k++) {
        const drawn = round * viewCount + k
        const random = createRandom(viewStream, number, drawn)
        const view = drawn === 0 ? plainView : draw(random, picture, photographs.length)
        const at = k * viewLength
        renderView(premultiplied, view, photographs, target.subarray(at, at + viewLength))
      }
      const thumbnail = Buffer.from(shrink(cutOut)).toString('base64')
      return { colour: nameColour(cutOut), thumbnail }
    },
  }
}

function draw(random: Random, picture: Picture, photographs: number): View {
  const flip = mayFlip(picture)
  return picture.collection === 'captioned'
    ? drawCrop(random, flip)
    : drawView(random, photographs, flip)
}

async function decodeIfReadable(picture: Picture): Promise<CutOut | null> {
  try {
    return await decodeCutOut(picture.image, imageSize)
  } catch (error) {
    if (isAppError(error, 'IMAGE_UNREADABLE')) return null
    throw error
  }
}

/** Left and right, and signs that are read, mean something else when mirrored. */
export function mayFlip({ name, kinds }: Pick<Picture, 'name' | 'kinds'>): boolean {
  return !/left|right|clock|arrow|east|west/.test(name) && !kinds.includes('a symbol')
}
