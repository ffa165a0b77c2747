/** The quickest way through a step, for a batch that fits one run. */
import type { Tensors } from '../../runtime/session.js'
import type { ContrastiveBatch } from './contrastiveBatch.js'
import { tensorsOf } from './parameterStore.js'
import { buildJointGraph, shapesOf } from './stepGraphs.js'
import {
  gradientTargets,
  groupsOf,
  pick,
  prefixInputs,
  rowsOf,
  type StepRunner,
  scalarOf,
  sessionFor,
} from './stepRunner.js'

/** Leaves all gradients of the batch in the store. Returns the loss. */
export async function runJoint(runner: StepRunner, batch: ContrastiveBatch): Promise<number> {
  const { parts, store } = runner
  const inputs: Tensors = groupsOf(runner, batch)
  for (const side of parts.sides) {
    const own = await batch[side](0, rowsOf(batch, side))
    Object.assign(inputs, prefixInputs(parts[side], own))
  }
  const names = [...store.layout.places.keys()]
  const parameters = tensorsOf(store.layout, store.values, names)
  const shapes = shapesOf(inputs)
  const session = await sessionFor(runner, `joint ${JSON.stringify(shapes)}`, () =>
    buildJointGraph(parts, shapes),
  )
  const results = await session.runInPlace(pick(session, { ...inputs, ...parameters }), {
    fetchInto: gradientTargets(store, names),
    fetches: ['loss'],
  })
  return scalarOf(results.loss)
}
