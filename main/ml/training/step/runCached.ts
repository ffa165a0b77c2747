/** The way through a step for batches of any size: GradCache (Gao et al. 2021). */
import type { Tensors } from '../../runtime/session.js'
import { accumulatedName } from './accumulateGradients.js'
import type { ContrastiveBatch } from './contrastiveBatch.js'
import { tensorsOf } from './parameterStore.js'
import { type Side, sides, type TowerPart } from './parts.js'
import { buildBackwardGraph, buildLossGraph, gradientName, shapesOf } from './stepGraphs.js'
import {
  gradientTargets,
  groupsOf,
  pick,
  prefixInputs,
  runForward,
  type StepRunner,
  scalarOf,
  sessionFor,
} from './stepRunner.js'

/**
 * Leaves all gradients of the batch in the store, in the memory of one micro-batch: embeds
 * everything, takes the loss's gradients by the embeddings, then repeats each micro-batch with its
 * share of those. Returns the loss.
 */
export async function runCached(
  runner: StepRunner,
  batch: ContrastiveBatch,
  microBatchSize: number,
): Promise<number> {
  const { parts, store } = runner
  store.gradients.fill(0)
  const embeddings: Tensors = {}
  for (const side of sides) {
    embeddings[parts[side].output] = await embedBatch(runner, side, batch, microBatchSize)
  }
  const { loss, cotangents } = await runLoss(runner, batch, embeddings)
  for (const side of sides) {
    for (const { start, count } of microBatches(batch.size, microBatchSize)) {
      const rows = rowsOf(cotangents[side]!, start, count)
      await runBackward(runner, parts[side], batch[side], { start, count, cotangent: rows })
    }
  }
  return loss
}

async function embedBatch(
  runner: StepRunner,
  side: Side,
  batch: ContrastiveBatch,
  microBatchSize: number,
): Promise<Tensors[string]> {
  let all: Tensors[string] | undefined
  for (const { start, count } of microBatches(batch.size, microBatchSize)) {
    const inputs = prefixInputs(runner.parts[side], await batch[side](start, count))
    const { dims, data } = await runForward(runner, side, inputs, runner.store.values)
    const width = dims[1]!
    all ??= {
      type: 'float32',
      dims: [batch.size, width],
      data: new Float32Array(batch.size * width),
    }
    ;(all.data as Float32Array).set(data as Float32Array, start * width)
  }
  return all!
}

async function runLoss(
  runner: StepRunner,
  batch: ContrastiveBatch,
  embeddings: Tensors,
): Promise<{ loss: number; cotangents: Record<Side, Tensors[string]> }> {
  const { parts, store } = runner
  const inputs = { ...embeddings, ...groupsOf(runner, batch) }
  const shapes = shapesOf(inputs)
  const session = await sessionFor(runner, `loss ${JSON.stringify(shapes)}`, () =>
    buildLossGraph(parts, shapes),
  )
  const own = tensorsOf(store.layout, store.values, parts.lossParameters)
  const names = { image: gradientName(parts.image.output), text: gradientName(parts.text.output) }
  const results = await session.runInPlace(pick(session, { ...inputs, ...own }), {
    fetchInto: gradientTargets(store, parts.lossParameters),
    fetches: ['loss', names.image, names.text],
  })
  const cotangents = { image: results[names.image]!, text: results[names.text]! }
  return { loss: scalarOf(results.loss), cotangents }
}

/** Adds the weight gradients of one micro-batch to the store's. */
async function runBackward(
  runner: StepRunner,
  part: TowerPart,
  source: ContrastiveBatch[Side],
  micro: { readonly start: number; readonly count: number; readonly cotangent: Tensors[string] },
): Promise<void> {
  const { store } = runner
  const inputs = prefixInputs(part, await source(micro.start, micro.count))
  const shapes = shapesOf(inputs)
  const session = await sessionFor(runner, `backward ${JSON.stringify(shapes)}`, () =>
    buildBackwardGraph(part, shapes),
  )
  const targets = gradientTargets(store, part.trainable)
  const sums = Object.entries(targets).map(([name, t]) => [accumulatedName(name), t] as const)
  const feeds = {
    ...inputs,
    ...tensorsOf(store.layout, store.values, part.trainable),
    ...Object.fromEntries(sums),
    [`cotangent/${part.output}`]: micro.cotangent,
  }
  await session.runInPlace(pick(session, feeds), { fetchInto: targets })
}

function* microBatches(size: number, microBatchSize: number) {
  for (let start = 0; start < size; start += microBatchSize) {
    yield { start, count: Math.min(microBatchSize, size - start) }
  }
}

function rowsOf(tensor: Tensors[string], start: number, count: number): Tensors[string] {
  const width = tensor.dims[1]!
  const data = (tensor.data as Float32Array).subarray(start * width, (start + count) * width)
  return { type: 'float32', dims: [count, width], data }
}
