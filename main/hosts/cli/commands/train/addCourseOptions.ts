/** Options of `semblance train` that say how long it lasts, and how large its batches are. */
import type { Command } from 'commander'
import { readPositiveInteger, readPositiveNumber } from '../../options.js'

export function addCourseOptions(command: Command): Command {
  return command
    .option('--minutes <m>', 'stop after this time', readPositiveNumber('--minutes'))
    .option(
      '--epochs <n>',
      'stop after this many passes over the pictures',
      readPositiveNumber('--epochs'),
    )
    .option('--batch <b>', 'pairs in a batch', readPositiveInteger('--batch'))
    .option(
      '--accumulate <n>',
      'average the gradients of n batches before each update, for steadier updates in the same memory. --batch alone, however large, fits in memory too (GradCache) and contrasts all its pairs with each other; these batches are contrasted each in itself (default: 1)',
      readPositiveInteger('--accumulate'),
    )
    .option(
      '--patience <n>',
      'end after n measurements in a row, of about 25, that find pictures kept out of training no better; quick, deep, full (default: 8)',
      readPositiveInteger('--patience'),
    )
}
