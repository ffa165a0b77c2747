/** The views of a scene: the same things, each time elsewhere and in other light. */
import { createRandom, type Random } from '../../../main/ml/training/random.js'
import { imageSize } from '../backbone/buildBackbone.js'
import type { Picture } from '../corpus/picture.js'
import { type Drawable, viewLength } from './computeGroups.js'
import { decodeCutOut } from './cutOut.js'
import { mayFlip } from './drawPicture.js'
import { drawPose, drawSurroundings, type Surroundings } from './drawView.js'
import { viewCount } from './featureStore.js'
import {
  type Photographs,
  type Placed,
  type Premultiplied,
  premultiply,
  renderScene,
} from './renderView.js'
import type { Scene } from './scenes.js'

const arrangementStream = 29

/** @param number of the scene, which decides how it is arranged */
export function drawScene(
  scene: Scene,
  number: number,
  pictures: readonly Picture[],
  photographs: Photographs,
): Drawable {
  return {
    id: scene.id,
    async draw(target) {
      const standing = await Promise.all(
        scene.things.map(async ({ picture, count }) => {
          const cutOut = premultiply(await decodeCutOut(pictures[picture]!.image, imageSize))
          const flip = mayFlip(pictures[picture]!)
          return Array.from({ length: count }, () => ({ cutOut, flip }))
        }),
      )
      for (let k = 0; k < viewCount; k++) {
        const random = createRandom(arrangementStream, number, k)
        const placed = arrange(random, standing.flat(), scene.ground !== null)
        const surroundings = surround(random, scene, photographs)
        const at = k * viewLength
        renderScene(placed, surroundings, photographs, target.subarray(at, at + viewLength))
      }
      return null
    },
  }
}

/** Side by side, four of them in two rows; on the ground of a place, they stand low. */
function arrange(
  random: Random,
  standing: readonly { readonly cutOut: Premultiplied; readonly flip: boolean }[],
  onGround: boolean,
): Placed[] {
  const columns = standing.length === 4 ? 2 : standing.length
  const rows = Math.ceil(standing.length / columns)
  const mirrored = random.next() < 0.5
  return standing.map(({ cutOut, flip }, i) => {
    const slot = 1 / Math.max(columns, rows)
    const size = Math.min(0.75, slot * random.between(0.8, 1.25))
    const column = mirrored ? columns - 1 - (i % columns) : i % columns
    const x = (column + 0.5) / columns + random.between(-0.07, 0.07)
    const y = (Math.floor(i / columns) + 0.5) / rows + random.between(-0.12, 0.12)
    const low = onGround && rows === 1 ? 0.14 : 0
    return {
      picture: cutOut,
      placement: { ...drawPose(random, size, flip), centre: [x, y + low] },
    }
  })
}

function surround(random: Random, { ground }: Scene, photographs: Photographs): Surroundings {
  const drawn = drawSurroundings(random, photographs.length)
  if (ground === null) return drawn
  const index = ground.photographs[random.integer(ground.photographs.length)]!
  return { ...drawn, background: { kind: 'photograph', index } }
}
