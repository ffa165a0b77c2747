/** How long a step of the methods that change existing encoders takes. */
import { z } from 'zod'
import type { Benchmark, Row } from './benchmark.js'
import { tuningCases } from './finetuneCases.js'
import { measureInProcess } from './measureInProcess.js'

const caseNames = Object.keys(tuningCases)

const settingsSchema = z.strictObject({
  cases: z
    .string()
    .default(caseNames.join(';'))
    .transform((text) => text.split(';'))
    .pipe(z.array(z.enum(caseNames))),
  rounds: z.coerce.number().int().positive().default(1),
  seconds: z.coerce.number().positive().default(1.5),
  threads: z.coerce.number().int().min(0).default(0),
})

export const finetuneBenchmark: Benchmark = {
  name: 'finetune',
  describe:
    'One step of `semblance train --method deep` and `full` on a pair of the shape of CLIP ViT-B/32, with their default rank, batch and optimizer and the micro-batches that they choose: low-rank adapters of all blocks or of the last four, and every weight. What comes before the first adapter is computed once for each picture and caption and is not part of a step. Batches go through GradCache, which keeps of its first pass what there is memory for and computes the rest twice; what is computed counts. Shares of the peak and memory as in train-step. `--set cases=full` takes one.',
  async run(settings) {
    const { cases, ...options } = settingsSchema.parse(settings)
    const rows: Row[] = []
    for (const name of cases)
      rows.push(withPairTime(await measureInProcess({ name, options, passes: false })))
    return { parameters: options, rows }
  },
}

function withPairTime({ pair, ...row }: Row): Row {
  return { method: pair!, 'ms a pair': 1000 / Number(row['pairs/s']), ...row }
}
