/** Entry of the process that measures one case of the training step: its memory is its own. */
import type { CompareOptions } from './compareWithPeak.js'
import { measureTrainStep } from './measureTrainStep.js'
import { trainStepCases } from './trainStepCases.js'

/** What the parent sends; the answer is a `Row`. */
export interface TrainStepRequest {
  readonly name: string
  readonly options: CompareOptions
}

process.once('message', async ({ name, options }: TrainStepRequest) => {
  const row = await measureTrainStep(name, trainStepCases[name]!, options)
  process.send!(row, () => process.exit(0))
})
