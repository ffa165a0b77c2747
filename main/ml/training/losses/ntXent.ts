/** NT-Xent (SimCLR, Chen et al. 2020): the two of a pair against everything else on both sides. */
import type { LossFactory } from './factory.js'
import { rowNumbers } from './similarity.js'
import { writeViewLoss } from './views.js'

/** Mean over the 2B embeddings of LSE_{j != i}(s_ij / tau) - s_ip / tau, p being i's other view. */
export const ntXent: LossFactory<'nt-xent'> = ({ temperature }) => ({
  usesGroups: false,
  parameters: [],
  write: (b, { first, second }) =>
    writeViewLoss(b, [first, second], rowNumbers(b, first), temperature),
})
