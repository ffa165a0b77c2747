/** The N-pair loss (Sohn 2016): cross-entropy on dot products, the embeddings' lengths held small. */
import { symmetricCrossEntropy } from './crossEntropy.js'
import type { LossFactory } from './factory.js'
import { dotProducts, equalityMatrix, meanOf, rowSums, shareOut } from './similarity.js'

/**
 * Symmetric cross-entropy of the dot products of embeddings as they are, against the positives of
 * each group, plus w times the mean squared length of an embedding.
 */
export const nPair: LossFactory<'n-pair'> = ({ l2Weight }) => ({
  usesGroups: true,
  parameters: [],
  write(b, { first, second, groups }) {
    const targets = shareOut(b, equalityMatrix(b, groups))
    const entropy = symmetricCrossEntropy(b, dotProducts(b, first, second), targets)
    const [one, other] = [first, second].map((x) => rowSums(b, b.op('Mul', [x, x])))
    const lengths = meanOf(b, b.op('Add', [one!, other!]))
    return b.op('Add', [entropy, b.op('Mul', [lengths, b.scalar(l2Weight / 2)])])
  },
})
