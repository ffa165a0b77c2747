/** GMC (Poklukar et al. 2022): each side of a pair is aligned with a joint encoding of both. */
import type { LossFactory } from './factory.js'
import type { LossStart } from './loss.js'
import { normalizeRows, rowNumbers } from './similarity.js'
import { writeViewLoss } from './views.js'

/**
 * NT-Xent between first and joint plus NT-Xent between second and joint, where the joint encoding
 * is a learned linear map of both, [u, v] W + b. It starts as their mean and is not saved.
 */
export const gmc: LossFactory<'gmc'> = ({ temperature }) => ({
  usesGroups: false,
  parameters: [
    { name: 'joint.weight', range: null, decayed: true, initial: meanOfBoth },
    {
      name: 'joint.bias',
      range: null,
      decayed: false,
      initial: ({ embeddingDim: dim }) => ({ dims: [dim], data: new Float32Array(dim) }),
    },
  ],
  write(b, { first, second, parameter }) {
    const sides = [normalizeRows(b, first), normalizeRows(b, second)] as const
    const both = b.op('Concat', sides, { axis: 1 })
    const joint = b.op('Gemm', [both, parameter('joint.weight'), parameter('joint.bias')])
    const numbers = rowNumbers(b, first)
    const [one, other] = sides.map((side) => writeViewLoss(b, [side, joint], numbers, temperature))
    return b.op('Add', [one!, other!])
  },
})

/** [2 dim, dim] that takes two embeddings, one after the other, to their mean. */
function meanOfBoth({ embeddingDim: dim }: LossStart) {
  const data = new Float32Array(2 * dim * dim)
  for (let row = 0; row < 2 * dim; row++) data[row * dim + (row % dim)] = 0.5
  return { dims: [2 * dim, dim], data }
}
