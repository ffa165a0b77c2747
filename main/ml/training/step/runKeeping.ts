/** Forward passes that keep what the backward ones after them need. */
import type { InPlaceSession, Tensors } from '../../runtime/session.js'
import { tensorsOf } from './parameterStore.js'
import type { TowerPart } from './parts.js'
import type { GradientHalves } from './splitGradient.js'
import { buildHalves, type Shapes, shapesOf } from './stepGraphs.js'
import { pick, type StepRunner, sessionFor } from './stepRunner.js'

/** What a forward pass has left. */
export interface KeptPass {
  /** [rows, dim]. */
  readonly embeddings: Tensors[string]
  /** Feeds of the backward half; good until the next step. */
  readonly values: Tensors
}

/** Embeds a micro-batch; null where nothing is trained, and where what follows would not fit. */
export async function runKeeping(
  runner: StepRunner,
  part: TowerPart,
  inputs: Tensors,
): Promise<KeptPass | null> {
  if (part.trainable.length === 0 || !runner.activations.mayKeep) return null
  const shapes = shapesOf(inputs)
  const halves = halvesFor(runner, part, shapes)
  const values = halves && runner.activations.take(halves.kept)
  if (!halves || !values) return null
  const session = await sessionFor(runner, `forward ${keyOf(shapes)}`, () => halves.forward)
  const weights = tensorsOf(runner.store.layout, runner.store.values, part.trainable)
  const fetches = values[part.output] ? [] : [part.output]
  const feeds = pick(session, { ...inputs, ...weights })
  const results = await session.runInPlace(feeds, { fetchInto: values, fetches })
  return { embeddings: values[part.output] ?? results[part.output]!, values }
}

/** The session that goes back from what `runKeeping` has left. */
export function backwardHalf(
  runner: StepRunner,
  part: TowerPart,
  shapes: Shapes,
): Promise<InPlaceSession> {
  const build = () => halvesFor(runner, part, shapes)!.backward
  return sessionFor(runner, `backward half ${keyOf(shapes)}`, build)
}

function halvesFor({ halves }: StepRunner, part: TowerPart, shapes: Shapes): GradientHalves | null {
  const key = keyOf(shapes)
  const known = halves.get(key)
  if (known !== undefined) return known
  const built = buildHalves(part, shapes)
  halves.set(key, built)
  return built
}

function keyOf(shapes: Shapes): string {
  return JSON.stringify(shapes)
}
