/** Options of `semblance train` that say what is trained, and how much of it. */
import type { Command } from 'commander'
import {
  readChoice,
  readOr,
  readPositiveInteger,
  readPositiveNumber,
  readShare,
} from '../../options.js'

export function addMethodOptions(command: Command): Command {
  return command
    .option('--from <model dir>', 'the model to start from (quick, deep, full)')
    .option(
      '--method <scratch|quick|deep|full>',
      'how much is trained, see below (default: quick with --from, else scratch)',
      readChoice('--method', ['scratch', 'quick', 'deep', 'full']),
    )
    .option(
      '--head <linear|mlp>',
      'what scratch ends its encoders with and quick adapts by: one layer, or two with ReLU between them (default: linear, for scratch as the architecture says)',
      readChoice('--head', ['linear', 'mlp']),
    )
    .option(
      '--rank <r>',
      'how many directions of each layer deep changes (default: 8, in small models 32)',
      readPositiveInteger('--rank'),
    )
    .option(
      '--alpha <x>',
      'deep scales its change by alpha / rank (default: twice the rank)',
      readPositiveNumber('--alpha'),
    )
    .option(
      '--blocks <n|all>',
      "deep changes each encoder's last n blocks; fewer are quicker (default: all)",
      readOr('all', readPositiveInteger('--blocks')),
    )
    .option(
      '--layers <attention|all>',
      'what deep changes in a block: what its attention asks and answers with, or every linear layer (default: attention, in small models all)',
      readChoice('--layers', ['attention', 'all']),
    )
    .option(
      '--tower <both|image|text>',
      'the encoder that deep and full change (default: both)',
      readChoice('--tower', ['both', 'image', 'text']),
    )
    .option(
      '--blend <auto|x>',
      'the share of the change that the new model takes, 0 to 1; auto tries several on pictures kept out of training (default: auto)',
      readOr('auto', readShare('--blend')),
    )
    .option(
      '--arch <name|file>',
      'architecture for scratch: tiny, small, base-b32 or a JSON file (default: small)',
    )
}
