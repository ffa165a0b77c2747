/** What an image encoder found in a picture, from its rows of numbers to things with names. */
import type { PhotoObject } from '../../../../shared/domain/photo.js'
import { AppError } from '../../../../shared/errors.js'
import type { ObjectsDeclaration } from '../modelDirectory/semblanceFile.js'

/** Left, top, right, bottom, score, class: see the declaration's schema. */
export const numbersPerObject = 6

/**
 * Where one thing of a class is surely there, others of its class count that are so much as sure: of a
 * row of boats, the first is seen best.
 */
const furtherOnes = 0.75

/** Two boxes that share so much of what both cover are one thing found twice. */
const sameThing = 0.5
/** Of two classes, boxes must share more: a rider and a horse cover much the same. */
const sameThingOfOtherClass = 0.8

/**
 * The things found in one picture, the surest first: those sure enough, each once.
 *
 * @param rows `[most, 6]` by falling score
 * @param path the model's file, for errors
 * @throws AppError MODEL_INVALID for a class that the declaration does not name
 */
export function decodeObjects(
  rows: Float32Array,
  { classes, minScore }: ObjectsDeclaration,
  path: string,
): PhotoObject[] {
  const found: PhotoObject[] = []
  const surest = new Map<number, number>()
  for (let at = 0; at + numbersPerObject <= rows.length; at += numbersPerObject) {
    const [left, top, right, bottom, score, number] = rows.subarray(at, at + numbersPerObject)
    const least = Math.min(
      minScore,
      furtherOnes * (surest.get(number!) ?? Number.POSITIVE_INFINITY),
    )
    // Also of what is no number.
    if (!(score! >= least)) continue
    if (!surest.has(number!)) surest.set(number!, score!)
    const name = classes[number!]
    if (name === undefined) {
      const reason = `it found an object of class ${number}, which semblance.json does not name`
      throw new AppError('MODEL_INVALID', { path, reason })
    }
    const box = {
      left: share(left!),
      top: share(top!),
      right: share(right!),
      bottom: share(bottom!),
    }
    if (!(box.right > box.left && box.bottom > box.top)) continue
    const object = { name, score: Math.min(1, score!), box }
    if (!found.some((surer) => isSameThing(surer, object))) found.push(object)
  }
  return found
}

function isSameThing(a: PhotoObject, b: PhotoObject): boolean {
  const least = a.name === b.name ? sameThing : sameThingOfOtherClass
  return overlapOf(a.box, b.box) > least
}

/** What two boxes share, of all that they cover together (intersection over union). */
export function overlapOf(a: PhotoObject['box'], b: PhotoObject['box']): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left)
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
  if (width <= 0 || height <= 0) return 0
  return (width * height) / (areaOf(a) + areaOf(b) - width * height)
}

function areaOf({ left, top, right, bottom }: PhotoObject['box']): number {
  return (right - left) * (bottom - top)
}

function share(value: number): number {
  return Math.min(1, Math.max(0, value))
}
