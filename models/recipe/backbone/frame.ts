/** Shows the backbone each picture a little smaller, in a white frame. */
import type { GraphBuilder } from '../../../main/ml/onnx/graphBuilder.js'
import { imageSize } from './buildBackbone.js'

// [Note: a white frame]
// The backbone was trained to find things in scenes. What fills a picture to its edges is larger than
// most of what it knows, and is seen through convolutions that reach past the edge and find zeros
// there. In a frame of the white that cut-outs are laid on, both matter less; decision 0024 has the
// figures. It is done here, not where pictures are made smaller, so that an encoder takes pictures as
// every other does.

/** Side of the picture within the frame. */
const innerSize = 212
/** The same as a part of the whole. */
export const framedShare = innerSize / imageSize
const margin = (imageSize - innerSize) / 2
const white = 1

/** @param pixels `[batch, 3, 224, 224]`, from 0 to 1; so is what is returned */
export function addFrame(b: GraphBuilder, pixels: string): string {
  const batchAndChannels = b.op('Slice', [b.op('Shape', [pixels]), b.ints([0]), b.ints([2])])
  const sizes = b.op('Concat', [batchAndChannels, b.ints([innerSize, innerSize])], { axis: 0 })
  const inner = b.op('Resize', [pixels, '', '', sizes], {
    mode: 'linear',
    coordinate_transformation_mode: 'half_pixel',
  })
  const pads = [0, 0, margin, margin]
  return b.op('Pad', [inner, b.ints([...pads, ...pads]), b.scalar(white)])
}

/**
 * @param objects `[batch, count, 6]` as of `addObjects`, found in framed pictures
 * @returns the same with boxes of the pictures without the frame
 */
export function unframeBoxes(b: GraphBuilder, objects: string): string {
  const columns = (from: number, to: number) =>
    b.op('Slice', [objects, b.ints([from]), b.ints([to]), b.ints([2])])
  const moved = b.op('Sub', [columns(0, 4), b.scalar(margin / imageSize)])
  const grown = b.op('Mul', [moved, b.scalar(imageSize / innerSize)])
  const boxes = b.op('Clip', [grown, b.scalar(0), b.scalar(1)])
  return b.op('Concat', [boxes, columns(4, 6)], { axis: 2 })
}
