/** The way through a step for batches of any size: GradCache (Gao et al. 2021). */
import type { Tensors } from '../../runtime/session.js'
import { accumulatedName } from './accumulateGradients.js'
import type { ContrastiveBatch } from './contrastiveBatch.js'
import { tensorsOf } from './parameterStore.js'
import type { Side } from './parts.js'
import { backwardHalf, type KeptPass, runKeeping } from './runKeeping.js'
import { buildBackwardGraph, buildLossGraph, gradientName, shapesOf } from './stepGraphs.js'
import {
  gradientTargets,
  groupsOf,
  pick,
  prefixInputs,
  rowsOf,
  runForward,
  type StepRunner,
  scalarOf,
  sessionFor,
} from './stepRunner.js'

// [Note: what is kept between the two passes]
// GradCache embeds each micro-batch twice: a third of the arithmetic where few weights are trained. What
// backward reads of the first pass is therefore kept as long as there is room, and only the rest is
// computed again.

/**
 * Leaves all gradients of the batch in the store: embeds everything, takes the loss's gradients by
 * the embeddings, then goes back through each micro-batch with its share of those. Returns the loss.
 */
export async function runCached(
  runner: StepRunner,
  batch: ContrastiveBatch,
  microBatchSize: number,
): Promise<number> {
  const { parts, store } = runner
  store.gradients.fill(0)
  runner.activations.reset()
  const embeddings: Tensors = {}
  const passes: MicroPass[] = []
  for (const side of parts.sides) {
    embeddings[parts[side].output] = await embedBatch(runner, side, batch, microBatchSize, passes)
  }
  const { loss, cotangents } = await runLoss(runner, batch, embeddings)
  for (const pass of passes) {
    if (parts[pass.side].trainable.length === 0) continue
    const cotangent = cutRows(cotangents[pass.side]!, pass.start, pass.count)
    await runBackward(runner, batch, pass, cotangent)
  }
  return loss
}

/** One micro-batch of one side. */
interface MicroPass {
  readonly side: Side
  readonly start: number
  readonly count: number
  /** What the first pass has left for the second; null where there was no room. */
  readonly kept: KeptPass | null
}

/** Embeddings of one side; what is done for each micro-batch is noted in `passes`. */
async function embedBatch(
  runner: StepRunner,
  side: Side,
  batch: ContrastiveBatch,
  microBatchSize: number,
  passes: MicroPass[],
): Promise<Tensors[string]> {
  let all: Tensors[string] | undefined
  const total = rowsOf(batch, side)
  for (const { start, count } of microBatches(total, microBatchSize)) {
    const inputs = prefixInputs(runner.parts[side], await batch[side](start, count))
    const kept = await runKeeping(runner, runner.parts[side], inputs)
    passes.push({ side, start, count, kept })
    const embedded =
      kept?.embeddings ?? (await runForward(runner, side, inputs, runner.store.values))
    const width = embedded.dims[1]!
    all ??= { type: 'float32', dims: [total, width], data: new Float32Array(total * width) }
    ;(all.data as Float32Array).set(embedded.data as Float32Array, start * width)
  }
  return all!
}

async function runLoss(
  runner: StepRunner,
  batch: ContrastiveBatch,
  embeddings: Tensors,
): Promise<{ loss: number; cotangents: Partial<Record<Side, Tensors[string]>> }> {
  const { parts, store } = runner
  const inputs = { ...embeddings, ...groupsOf(runner, batch) }
  const shapes = shapesOf(inputs)
  const session = await sessionFor(runner, `loss ${JSON.stringify(shapes)}`, () =>
    buildLossGraph(parts, shapes),
  )
  const own = tensorsOf(store.layout, store.values, parts.lossParameters)
  const nameOf = (side: Side) => gradientName(parts[side].output)
  const results = await session.runInPlace(pick(session, { ...inputs, ...own }), {
    fetchInto: gradientTargets(store, parts.lossParameters),
    fetches: ['loss', ...parts.sides.map(nameOf)],
  })
  const cotangents = Object.fromEntries(parts.sides.map((side) => [side, results[nameOf(side)]!]))
  return { loss: scalarOf(results.loss), cotangents }
}

/** Adds the weight gradients of one micro-batch to the store's. */
async function runBackward(
  runner: StepRunner,
  batch: ContrastiveBatch,
  { side, start, count, kept }: MicroPass,
  cotangent: Tensors[string],
): Promise<void> {
  const { store } = runner
  const part = runner.parts[side]
  const inputs = prefixInputs(part, await batch[side](start, count))
  const shapes = shapesOf(inputs)
  const session = kept
    ? await backwardHalf(runner, part, shapes)
    : await sessionFor(runner, `backward ${JSON.stringify(shapes)}`, () =>
        buildBackwardGraph(part, shapes),
      )
  const targets = gradientTargets(store, part.trainable)
  const sums = Object.entries(targets).map(([name, t]) => [accumulatedName(name), t] as const)
  const feeds = {
    ...inputs,
    ...kept?.values,
    ...tensorsOf(store.layout, store.values, part.trainable),
    ...Object.fromEntries(sums),
    [`cotangent/${part.output}`]: cotangent,
  }
  await session.runInPlace(pick(session, feeds), { fetchInto: targets })
}

function* microBatches(size: number, microBatchSize: number) {
  for (let start = 0; start < size; start += microBatchSize) {
    yield { start, count: Math.min(microBatchSize, size - start) }
  }
}

function cutRows(tensor: Tensors[string], start: number, count: number): Tensors[string] {
  const width = tensor.dims[1]!
  const data = (tensor.data as Float32Array).subarray(start * width, (start + count) * width)
  return { type: 'float32', dims: [count, width], data }
}
