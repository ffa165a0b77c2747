/** Shape rules of matrix products. */
import { intAttribute, stringAttribute } from '../attributes.js'
import {
  broadcastShapes,
  inputOf,
  mismatch,
  type NodeContext,
  type ShapeRules,
  type StaticValue,
} from './shapeRule.js'

export const matrixShapes: ShapeRules = {
  MatMul: (c) => matMulShape(c, inputOf(c, 0).shape, inputOf(c, 1).shape),
  FusedMatMul: (c) =>
    matMulShape(
      c,
      transposed(inputOf(c, 0).shape, intAttribute(c.node, 'transA', 0)),
      transposed(inputOf(c, 1).shape, intAttribute(c.node, 'transB', 0)),
    ),
  Gemm: gemmShape,
  Einsum: einsumShape,
}

function transposed(shape: readonly number[], flag: number): readonly number[] {
  return flag && shape.length >= 2 ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : shape
}

/** [..., m, k] x [..., k, n] -> [..., m, n]; a vector counts as one row or column and loses it again. */
function matMulShape(
  context: NodeContext,
  a: readonly number[],
  b: readonly number[],
): StaticValue[] {
  if (a.length === 0 || b.length === 0) throw mismatch(context, 'a scalar is no matrix')
  const left = a.length === 1 ? [1, ...a] : a
  const right = b.length === 1 ? [...b, 1] : b
  if (left.at(-1) !== right.at(-2)) {
    throw mismatch(context, `[${a.join(', ')}] and [${b.join(', ')}] do not multiply`)
  }
  const shape = broadcastShapes(context, [left.slice(0, -2), right.slice(0, -2)])
  if (a.length > 1) shape.push(left.at(-2)!)
  if (b.length > 1) shape.push(right.at(-1)!)
  return [{ type: inputOf(context, 0).type, shape }]
}

function gemmShape(context: NodeContext): StaticValue[] {
  const { type, shape } = inputOf(context, 0)
  const a = transposed(shape, intAttribute(context.node, 'transA', 0))
  const b = transposed(inputOf(context, 1).shape, intAttribute(context.node, 'transB', 0))
  if (a.length !== 2 || b.length !== 2 || a[1] !== b[0]) {
    throw mismatch(context, `[${a.join(', ')}] and [${b.join(', ')}] do not multiply`)
  }
  return [{ type, shape: [a[0]!, b[1]!] }]
}

function einsumShape(context: NodeContext): StaticValue[] {
  const equation = stringAttribute(context.node, 'equation', '').replaceAll(' ', '')
  if (equation.includes('.')) throw mismatch(context, 'an ellipsis is not supported')
  const [left = '', right] = equation.split('->')
  const terms = left.split(',')
  const sizes = new Map<string, number>()
  terms.forEach((term, index) => {
    const { shape } = inputOf(context, index)
    if (shape.length !== term.length) throw mismatch(context, `"${term}" does not fit its input`)
    for (const [axis, letter] of [...term].entries()) {
      const known = sizes.get(letter) ?? 1
      if (known !== 1 && shape[axis] !== 1 && known !== shape[axis]) {
        throw mismatch(context, `"${letter}" stands for ${known} and ${shape[axis]}`)
      }
      sizes.set(letter, Math.max(known, shape[axis]!))
    }
  })
  const output = right ?? implicitOutput(terms.join(''))
  return [
    { type: inputOf(context, 0).type, shape: [...output].map((letter) => sizes.get(letter) ?? 1) },
  ]
}

/** Without an arrow: the letters that occur once, in alphabetical order. */
function implicitOutput(letters: string): string {
  return [...letters]
    .filter((letter) => letters.split(letter).length === 2)
    .sort()
    .join('')
}
