/** Options of `semblance train` that say how weights follow gradients. */
import type { Command } from 'commander'
import { readChoice, readPositiveNumber, readShare } from '../../options.js'

export function addOptimizerOptions(command: Command): Command {
  return command
    .option('--lr <x>', 'peak learning rate', readPositiveNumber('--lr'))
    .option(
      '--layer-decay <factor>',
      'each layer learns at this times the rate of the next one, above 0 to 1, so that early layers change least; 0.65 to 0.9 is usual; deep, full (default: 1)',
      readShare('--layer-decay'),
    )
    .option(
      '--optimizer <adamw|sgd|lion>',
      "how weights follow gradients; lion's usual rate is a fifth of adamw's, sgd needs --lr (default: adamw)",
      readChoice('--optimizer', ['adamw', 'sgd', 'lion']),
    )
    .option(
      '--weight-decay <x>',
      'how strongly weights are drawn to zero, 0 to 1 (default: by method)',
      readShare('--weight-decay'),
    )
    .option(
      '--schedule <constant|cosine|linear>',
      'how the learning rate falls after the warm-up (default: cosine)',
      readChoice('--schedule', ['constant', 'cosine', 'linear']),
    )
    .option(
      '--warmup <share>',
      'share of the run over which the learning rate rises, 0 to 1 (default: by method)',
      readShare('--warmup'),
    )
    .option(
      '--ema <decay>',
      'average the weights over updates, with this decay; 0 for no average (default: 0.99 for scratch, else 0)',
      readShare('--ema'),
    )
}
