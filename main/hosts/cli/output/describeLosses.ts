/** What each loss is good for, for `semblance train --help`. */
import { type LossName, lossNames } from '../../../../shared/domain/losses.js'

const uses: Readonly<Record<LossName, string>> = {
  'multi-positive': 'InfoNCE in which equal captions or labels are all right; for most folders',
  infonce: "CLIP's: each picture's own text against all others; where captions never repeat",
  logistic: "SigLIP's: each picture with each text is a question of its own; small batches",
  supcon: 'draws all of a label together, pictures with pictures too; for labels',
  'nt-xent': "SimCLR's: a pair against everything else, pictures with pictures too",
  gmc: 'aligns pictures and texts with a joint encoding of both; against a gap between them',
  triplet: 'a margin between right and wrong, no further; with few or noisy captions',
  contrastive: 'a fixed distance between what does not belong together; the simplest',
  'n-pair': 'cross-entropy on dot products, lengths included; where length should count',
}

export function describeLosses(): string {
  return lossNames.map((name) => `  ${name.padEnd(15)} ${uses[name]}`).join('\n')
}
