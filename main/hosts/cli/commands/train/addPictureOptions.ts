/** Options of `semblance train` that say what of the pictures is learned from, and in which order. */
import type { Command } from 'commander'
import { readChoice, readPositiveNumber } from '../../options.js'

export function addPictureOptions(command: Command): Command {
  return command
    .option(
      '--learn-from <captions|pictures|both>',
      'pictures: two views of each, no words, from scratch; both: captions and, by two views, all pictures; not for quick (default: pictures for nt-xent, else captions)',
      readChoice('--learn-from', ['captions', 'pictures', 'both']),
    )
    .option(
      '--view-weight <x>',
      'weight of two views beside captions, with --learn-from both (default: 0.5)',
      readPositiveNumber('--view-weight'),
    )
    .option(
      '--labels <column|folders>',
      "a picture's label: as the caption file says, or its folder where that says nothing (default: column)",
      readChoice('--labels', ['column', 'folders']),
    )
    .option('--balanced', 'batches with as many pictures of each label')
    .option(
      '--hard-negatives <share>',
      'share of each batch that is near neighbours of the rest, by what is learned so far',
      readPositiveNumber('--hard-negatives'),
    )
}
