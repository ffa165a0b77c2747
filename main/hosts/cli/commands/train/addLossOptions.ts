/** Options of `semblance train` that say what is minimised. */
import type { Command } from 'commander'
import { lossNames, tripletMinings } from '../../../../../shared/domain/losses.js'
import { readChoice, readPositiveNumber } from '../../options.js'

export function addLossOptions(command: Command): Command {
  return command
    .option(
      '--loss <name>',
      'what is minimised, see below (default: multi-positive)',
      readChoice('--loss', lossNames),
    )
    .option(
      '--temperature <x>',
      'what cosines are divided by, at first where it is learned',
      readPositiveNumber('--temperature'),
    )
    .option(
      '--margin <x>',
      'how much more alike a pair should be than others, as a cosine (triplet 0.2, contrastive 0.5)',
      readPositiveNumber('--margin'),
    )
    .option(
      '--mining <all|hard|semi-hard|max-of-hinges>',
      'which negatives triplet takes; hard ones and max-of-hinges want encoders that know something (default: all)',
      readChoice('--mining', tripletMinings),
    )
    .option(
      '--l2 <x>',
      "weight of the embeddings' squared length for n-pair (default: 0.002)",
      readPositiveNumber('--l2'),
    )
}
