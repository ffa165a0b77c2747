/** Declares the parameters of losses as inputs of an objective's graph. */
import type { GraphBuilder } from '../../onnx/graphBuilder.js'
import type { LossInputs, LossParameter, LossStart } from '../losses/loss.js'

export function declareParameters(
  b: GraphBuilder,
  parameters: readonly LossParameter[],
  start: LossStart,
): LossInputs['parameter'] {
  for (const { name, initial } of parameters) b.input(name, 'float32', initial(start).dims)
  return (name) => name
}
