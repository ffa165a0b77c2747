/** The detector's own answer: where its class maps peak, and how far the things reach from there. */
import type { GraphBuilder } from '../../../main/ml/onnx/graphBuilder.js'

/** The detector's maps of what stands where, and of how far it reaches. */
export const classMapNode = 'tower_0/CenternetHead/centernet_cls_output/BiasAdd'
export const reachMapNode = 'tower_0/CenternetHead/centernet_wh_output/BiasAdd'

/** Peaks of a picture that are given, the strongest first. */
export const objectCount = 48
/** Left, top, right and bottom from 0 to 1, the score from 0 to 1, the number of the class. */
export const objectNumbers = 6

const classCount = 80
const mapSide = 56
/** A reach is given in units of so many cells: 16 pixels, where a cell is 4 pixels wide. */
const cellsPerReach = 4
/** Logit of a cell that is no peak: never found. */
const noPeak = -50

// [Note: peaks over all classes]
// The original looks for peaks in each class map by itself, which goes over 80 maps several times
// and shows in the encoder's time. Here the maps are first reduced to the
// strongest class of each cell, the peaks are found in that one map, and the class is looked up at
// the peaks. What is lost are things of two classes whose middles are the same cell or neighbours:
// mostly one thing that could be either.

/**
 * @param classMaps `[batch, 80, 56, 56]`, logits
 * @param reachMaps `[batch, 4, 56, 56]`: how far a thing in the cell reaches to the left, up, right, down
 * @returns `[batch, objectCount, objectNumbers]`, by falling score
 */
export function addObjects(b: GraphBuilder, classMaps: string, reachMaps: string): string {
  const { scores, places } = findPeaks(b, classMaps)
  const at = (maps: string, channels: number) => takeAt(b, maps, channels, places)
  const classes = b.op('ArgMax', [at(classMaps, classCount)], { axis: 1, keepdims: 1 })
  const boxes = addBoxes(b, at(reachMaps, 4), places)
  const rows = [boxes, scores, b.op('Cast', [classes], { to: float32Code })]
  return b.op('Transpose', [b.op('Concat', rows, { axis: 1 })], { perm: [0, 2, 1] })
}

const float32Code = 1

/** `scores` and `places` (numbers of cells), both `[batch, 1, objectCount]`. */
function findPeaks(b: GraphBuilder, classMaps: string) {
  const strongest = b.op('ReduceMax', [classMaps, b.ints([1])], { keepdims: 1 })
  const around = b.op('MaxPool', [strongest], {
    kernel_shape: [3, 3],
    strides: [1, 1],
    pads: [1, 1, 1, 1],
  })
  const isPeak = b.op('Equal', [strongest, around])
  const peaks = b.op('Where', [isPeak, strongest, b.scalar(noPeak)])
  const flat = b.op('Reshape', [peaks, b.ints([0, 1, mapSide * mapSide])])
  const [logits, places] = b.multi('TopK', [flat, b.ints([objectCount])], 2, { axis: 2 })
  return { scores: b.op('Sigmoid', [logits!]), places: places! }
}

/** The maps' values at the places: `[batch, channels, objectCount]`. */
function takeAt(b: GraphBuilder, maps: string, channels: number, places: string): string {
  const flat = b.op('Reshape', [maps, b.ints([0, channels, mapSide * mapSide])])
  const everywhere = b.op('Expand', [places, b.ints([1, channels, 1])])
  return b.op('GatherElements', [flat, everywhere], { axis: 2 })
}

/** `[batch, 4, objectCount]`: left, top, right, bottom. */
function addBoxes(b: GraphBuilder, reaches: string, places: string): string {
  const side = b.ints([mapSide])
  const columns = b.op('Mod', [places, side])
  const rows = b.op('Div', [places, side])
  const middles = b.op('Cast', [b.op('Concat', [columns, rows, columns, rows], { axis: 1 })], {
    to: float32Code,
  })
  const outwards = b.initializer('objects/outwards', {
    type: 'float32',
    dims: [4, 1],
    data: Float32Array.of(-cellsPerReach, -cellsPerReach, cellsPerReach, cellsPerReach),
  })
  const cells = b.op('Add', [middles, b.op('Mul', [reaches, outwards])])
  const shares = b.op('Mul', [cells, b.scalar(1 / mapSide)])
  return b.op('Clip', [shares, b.scalar(0), b.scalar(1)])
}
