/** `semblance models precision`: see or change how precise the weights are that search uses. */
import { Command } from 'commander'
import type { PrecisionReport } from '../../../engine/modelRegistry.js'
import type { Cli } from '../cli.js'
import { readChoice } from '../options.js'
import { describePrecision } from '../output/describePrecision.js'
import { printable } from '../output/format.js'

export function precisionCommand(cli: Cli): Command {
  return new Command('precision')
    .description(
      'see or change the precision that search uses; 8-bit weights are faster, and judged on your photos',
    )
    .argument('<dir or id>', 'a model directory, or the id of a known model')
    .argument(
      '[float32|int8|auto]',
      'auto takes 8 bits only if they lose less than half a point and are faster',
      readChoice('precision', ['float32', 'int8', 'auto']),
    )
    .action(async (reference: string, choice: 'float32' | 'int8' | 'auto' | undefined) => {
      const { models } = await cli.engine()
      const report = await models.precision(reference, choice ?? null, cli.signal)
      cli.result(report, () => describe(report))
    })
}

function describe(report: PrecisionReport): string {
  const { name, id, precision, isNew } = report
  const lines = [
    `${printable(name)} (${id}) searches in ${precision}.`,
    ...describePrecision(report),
  ]
  // A model of its own: photos have to be looked at again, for embeddings of two kinds do not mix.
  if (isNew) lines.push(`Next: semblance models use ${id}`)
  return lines.join('\n')
}
