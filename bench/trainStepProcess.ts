/** Entry of the process that measures one case of the training step: its memory is its own. */
import { tuningCases } from './finetuneCases.js'
import { measureTrainStep, type TrainStepRequest } from './measureTrainStep.js'
import { trainStepCases } from './trainStepCases.js'

process.once('message', async (request: TrainStepRequest) => {
  const row = await measureTrainStep({ ...trainStepCases, ...tuningCases }[request.name]!, request)
  process.send!(row, () => process.exit(0))
})
