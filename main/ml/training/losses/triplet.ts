/** The triplet loss: a positive should be more alike than a negative, by a margin. */
import type { LossSpec } from '../../../../shared/domain/losses.js'
import type { GraphBuilder } from '../../onnx/graphBuilder.js'
import type { LossFactory } from './factory.js'
import {
  cosines,
  equalityMatrix,
  excluded,
  meanOf,
  rowNumbers,
  rowSums,
  sameLabel,
  transpose,
} from './similarity.js'

type Mining = Extract<LossSpec, { name: 'triplet' }>['mining']

/** Similarities of anchors [batch] with candidates, and which of those are their positives. */
interface Candidates {
  readonly similarities: string
  /** Boolean. */
  readonly positives: string
  /** [batch, 1]: the similarity with the anchor's own partner. */
  readonly own: string
}

/**
 * 1/B sum over anchors of both sides of [m + s_an - s_ap]+, with these negatives n and positives p:
 *
 * - `all`: every negative, own partner (FaceNet's triplets; the sum of hinges of VSE0)
 * - `max-of-hinges`: hardest negative, own partner (VSE++, Faghri et al. 2018)
 * - `hard`: hardest negative, hardest positive (batch-hard, Hermans et al. 2017)
 * - `semi-hard`: hardest negative that is less alike than the own partner (FaceNet, Schroff et al.
 *   2015); where there is none, the easiest
 */
export const triplet: LossFactory<'triplet'> = ({ margin, mining }) => ({
  usesGroups: true,
  parameters: [],
  write(b, { first, second, groups }) {
    const similarities = cosines(b, first, second)
    const positives = sameLabel(b, groups)
    const self = equalityMatrix(b, rowNumbers(b, first))
    const own = b.op('ReduceSum', [b.op('Mul', [similarities, self]), b.ints([1])], { keepdims: 1 })
    const sides = [similarities, transpose(b, similarities)]
    const [one, other] = sides.map((side) =>
      meanOf(b, hinges(b, { similarities: side, positives, own }, margin, mining)),
    )
    return b.op('Add', [one!, other!])
  },
})

/** [batch] */
function hinges(b: GraphBuilder, candidates: Candidates, margin: number, mining: Mining): string {
  const { similarities, positives, own } = candidates
  const positive = mining === 'hard' ? hardestPositive(b, candidates) : own
  const negative = mining === 'all' ? similarities : minedNegative(b, candidates, mining)
  const gap = b.op('Sub', [negative, b.op('Sub', [positive, b.scalar(margin)])])
  // A group's members are no negatives of one another.
  const counted = mining === 'all' ? b.op('Where', [positives, b.scalar(excluded), gap]) : gap
  return rowSums(b, b.op('Relu', [counted]))
}

/** [batch, 1] */
function minedNegative(
  b: GraphBuilder,
  { similarities, positives, own }: Candidates,
  mining: Exclude<Mining, 'all'>,
): string {
  const negatives = b.op('Where', [positives, b.scalar(excluded), similarities])
  if (mining !== 'semi-hard') return greatest(b, negatives)
  const easier = b.op('Less', [similarities, own])
  const semiHard = greatest(b, b.op('Where', [easier, negatives, b.scalar(excluded)]))
  const easiest = least(b, b.op('Where', [positives, b.scalar(-excluded), similarities]))
  const none = b.op('Less', [semiHard, b.scalar(excluded / 2)])
  // Without any negative at all the easiest is a positive's large number, to be left out as well.
  const negative = b.op('Where', [none, easiest, semiHard])
  const some = b.op('Less', [negative, b.scalar(-excluded / 2)])
  return b.op('Where', [some, negative, b.scalar(excluded)])
}

function hardestPositive(b: GraphBuilder, { similarities, positives }: Candidates): string {
  return least(b, b.op('Where', [positives, similarities, b.scalar(-excluded)]))
}

function greatest(b: GraphBuilder, x: string): string {
  return b.op('ReduceMax', [x, b.ints([1])], { keepdims: 1 })
}

function least(b: GraphBuilder, x: string): string {
  return b.op('ReduceMin', [x, b.ints([1])], { keepdims: 1 })
}
