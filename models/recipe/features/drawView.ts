/** What one view of a picture looks like: where it stands, on what, in which light. */
import type { Random } from '../../../main/ml/training/random.js'
import { framedShare } from '../backbone/frame.js'

export type Background =
  | { readonly kind: 'plain'; readonly colour: readonly [number, number, number] }
  | {
      readonly kind: 'gradient'
      readonly from: readonly [number, number, number]
      readonly to: readonly [number, number, number]
      readonly upright: boolean
    }
  /** The photograph of this number, shifted and mirrored. */
  | { readonly kind: 'photograph'; readonly index: number }

/** Where in the frame a picture stands. */
export interface Placement {
  /** Size of the picture relative to the frame, along each axis. */
  readonly scale: readonly [number, number]
  /** Radians. */
  readonly angle: number
  /** Centre of the picture in the frame, 0.5 being the middle. */
  readonly centre: readonly [number, number]
  readonly flip: boolean
}

/** What is behind it, and the light on everything. */
export interface Surroundings {
  readonly background: Background
  /** Factors; 1 changes nothing. */
  readonly brightness: number
  readonly contrast: number
  readonly saturation: number
  /** Radius of the blur in pixels; 0 for none. */
  readonly blur: number
}

export type View = Placement & Surroundings

const white = [255, 255, 255] as const

/** The picture as the product sees it: whole, on white, in a thin frame. */
export const plainView: View = {
  background: { kind: 'plain', colour: white },
  scale: [framedShare, framedShare],
  angle: 0,
  centre: [0.5, 0.5],
  flip: false,
  brightness: 1,
  contrast: 1,
  saturation: 1,
  blur: 0,
}

/** @param mayFlip off where left and right mean something */
export function drawView(random: Random, photographs: number, mayFlip: boolean): View {
  const size = random.next() < 0.3 ? random.between(0.4, 0.7) : random.between(0.7, 1.15)
  const room = Math.max(0.04, (1 - size) / 2)
  return {
    ...drawPose(random, size, mayFlip),
    centre: [0.5 + random.between(-room, room), 0.5 + random.between(-room, room)],
    ...drawSurroundings(random, photographs),
  }
}

/** A part of a photograph, which fills the frame and stands upright. */
export function drawCrop(random: Random, mayFlip: boolean): View {
  const zoom = random.between(1, 1.7)
  const room = (zoom - 1) / 2
  return {
    ...plainView,
    ...drawSurroundings(random, 0),
    scale: [zoom, zoom],
    centre: [0.5 + random.between(-room, room), 0.5 + random.between(-room, room)],
    flip: mayFlip && random.next() < 0.5,
  }
}

/** A picture of about `size`, stretched and turned a little, in the middle of the frame. */
export function drawPose(random: Random, size: number, mayFlip: boolean): Placement {
  const stretch = Math.exp(random.between(-0.14, 0.14))
  return {
    scale: [size * stretch, size / stretch],
    angle: random.between(-0.25, 0.25),
    centre: [0.5, 0.5],
    flip: mayFlip && random.next() < 0.5,
  }
}

/** A few views are black and white, a few blurred as small pictures are when they are enlarged. */
export function drawSurroundings(random: Random, photographs: number): Surroundings {
  return {
    background: drawBackground(random, photographs),
    brightness: random.between(0.8, 1.2),
    contrast: random.between(0.75, 1.25),
    saturation: random.next() < 0.04 ? 0 : random.between(0.7, 1.3),
    blur: random.next() < 0.2 ? 1 + random.integer(2) : 0,
  }
}

function drawBackground(random: Random, photographs: number): Background {
  const kind = random.next()
  if (kind < 0.35) return { kind: 'plain', colour: white }
  if (kind < 0.5) return { kind: 'plain', colour: grey(random.between(150, 250)) }
  if (kind < 0.65) return { kind: 'plain', colour: drawColour(random) }
  if (kind < 0.78 || photographs === 0) {
    const upright = random.next() < 0.5
    return { kind: 'gradient', from: drawColour(random), to: drawColour(random), upright }
  }
  return { kind: 'photograph', index: random.integer(photographs) }
}

function grey(level: number): readonly [number, number, number] {
  return [level, level, level]
}

function drawColour(random: Random): readonly [number, number, number] {
  return [random.between(0, 255), random.between(0, 255), random.between(0, 255)]
}
