/** `semblance eval`: how well a model finds a folder's pictures by their words, and back. */
import { resolve } from 'node:path'
import { Command } from 'commander'
import type { Evaluation } from '../../../../shared/domain/evaluation.js'
import { writeFileAtomically } from '../../../platform/atomicFiles.js'
import type { Cli } from '../cli.js'
import { readChoice } from '../options.js'
import { describeEvaluation } from '../output/describeEvaluation.js'
import { followJob } from '../output/followJob.js'
import { renderReport } from '../report/renderReport.js'

interface EvalOptions {
  model: string
  against?: string
  labels?: 'column' | 'folders'
  includeLearned?: true
  report?: string
}

export function evalCommand(cli: Cli): Command {
  return new Command('eval')
    .description("measure how well a model finds a folder's pictures by their words, and back")
    .argument('<folder>', 'folder with pictures and their words')
    .requiredOption('--model <dir or id>', 'the model to measure')
    .option('--against <dir or id>', 'another model, measured on the same pictures and words')
    .option(
      '--labels <column|folders>',
      "a picture's label: as the caption file says, or its folder where that says nothing (default: column)",
      readChoice('--labels', ['column', 'folders']),
    )
    .option(
      '--include-learned',
      'measure pictures too that a model has learned from, which are left out otherwise, see below',
    )
    .option('--report <file.html>', 'write the figures with plots into one HTML file')
    .addHelpText('after', learnedHelp)
    .addHelpText('after', labelHelp)
    .addHelpText('after', comparisonHelp)
    .action(async (folder: string, { report, ...options }: EvalOptions) => {
      const evaluation = await followJob(cli, async (run) =>
        (await cli.engine()).training.evaluate({ folder, ...options }, run),
      )
      if (report !== undefined) await writeReport(resolve(report), resolve(folder), evaluation)
      cli.result(evaluation, () => describeEvaluation(evaluation))
      if (report !== undefined) cli.note(`The report is in ${resolve(report)}`)
    })
}

async function writeReport(path: string, folder: string, evaluation: Evaluation): Promise<void> {
  const page = renderReport(evaluation, { folder, createdAt: new Date() })
  await writeFileAtomically(path, page)
}

const learnedHelp = `
What is left out:
  A model that was trained here keeps fingerprints of the pictures that it, and the models it was made
  from, learned from or were chosen by. These pictures are left out, and with them all that is linked
  to one of them as in "semblance train": the same bytes or nearly the same look, edits, bursts, the
  same rare caption. With --against neither model has learned from what is left.
`

const labelHelp = `
Labels (where pictures have two or more):
  zero-shot     the label whose words, in several sentences, are nearest to the picture
  linear probe  logistic regression on the picture's embedding, trained on 7 of 10 pictures of each
                label, linked ones together, and tested on the rest; its L2 penalty is chosen on a
                part of those it is trained on
`

const comparisonHelp = `
Comparisons (--against):
  Near-duplicates, edits and bursts are linked, and each group of linked pictures counts as one.
  p      of a paired sign-flip permutation test over these groups, for each line on its own
  95 %   interval of the difference, by a paired bootstrap over the same groups
  At p of 0.05 or more the two are "not distinguishable" on these pictures.
  The same pictures always give the same figures.
`
