/** The supervised contrastive loss L_out (Khosla et al. 2020, eq. 2): a group's members attract. */
import type { LossFactory } from './factory.js'
import { writeViewLoss } from './views.js'

/**
 * Mean over the 2B embeddings of LSE_{j != i}(s_ij / tau) - the mean of s_ip / tau over all p of i's
 * group. With every pair in a group of its own it is NT-Xent.
 */
export const supcon: LossFactory<'supcon'> = ({ temperature }) => ({
  usesGroups: true,
  parameters: [],
  write: (b, { first, second, groups }) => writeViewLoss(b, [first, second], groups, temperature),
})
