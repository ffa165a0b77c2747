/** Counts the floating-point operations of a training step from the graphs that it runs. */
import type { Graph } from '../main/ml/onnx/graph.js'
import { inferShapes } from '../main/ml/onnx/inferShapes.js'
import { simplify } from '../main/ml/onnx/simplify.js'
import { countGemmFlops } from '../main/ml/runtime/gemmFlops.js'
import type { ActivationStore } from '../main/ml/training/step/activationStore.js'
import type { ContrastiveBatch } from '../main/ml/training/step/contrastiveBatch.js'
import { type StepParts, sides } from '../main/ml/training/step/parts.js'
import {
  buildBackwardGraph,
  buildHalves,
  buildJointGraph,
  buildLossGraph,
  type Shapes,
  shapesOf,
} from '../main/ml/training/step/stepGraphs.js'
import { prefixInputs } from '../main/ml/training/step/stepRunner.js'

/** Operations in matrix products and convolutions, for one batch. */
export interface StepFlops {
  /** Of embedding the batch once. */
  readonly forward: number
  /** Of all that a step computes before the update. */
  readonly total: number
}

/** How a batch larger than a micro-batch is gone through. */
interface MicroBatches {
  readonly microBatchSize: number
  /** An unused store of the size that the step has: what fits it is computed once. */
  readonly activations: ActivationStore
}

export async function countStepFlops(
  parts: StepParts,
  batch: ContrastiveBatch,
  { microBatchSize, activations }: MicroBatches,
): Promise<StepFlops> {
  const groups: Shapes = Object.fromEntries(parts.groups.map((name) => [name, [batch.size]]))
  const whole = await shapesOfPart(parts, batch, batch.size)
  const forward = sumOf(sides, (side) => flopsOf(simplifyFor(parts[side].graph, whole[side])))
  if (batch.size <= microBatchSize) {
    const shapes = { ...whole.image, ...whole.text, ...groups }
    return { forward, total: flopsOf({ graph: buildJointGraph(parts, shapes), shapes }) }
  }
  if (batch.size % microBatchSize !== 0) throw new RangeError('the micro-batches are uneven')
  const micro = await shapesOfPart(parts, batch, microBatchSize)
  const count = batch.size / microBatchSize
  const backward = sumOf(sides, (side) => {
    const again = flopsOf({
      graph: buildBackwardGraph(parts[side], micro[side]),
      shapes: micro[side],
    })
    const halves = activations.mayKeep ? buildHalves(parts[side], micro[side]) : null
    if (halves === null) return count * again
    const kept = Object.fromEntries(halves.kept.map(({ name, dims }) => [name, dims]))
    const once = flopsOf({ graph: halves.backward, shapes: { ...micro[side], ...kept } })
    const passes = Array.from({ length: count }, () => activations.take(halves.kept) !== null)
    return sumOf(passes, (isKept) => (isKept ? once : again))
  })
  const embeddings = embeddingShapes(parts, batch.size, whole)
  const lossShapes = { ...embeddings, ...groups }
  const loss = flopsOf({ graph: buildLossGraph(parts, lossShapes), shapes: lossShapes })
  return { forward, total: forward + loss + backward }
}

interface SizedGraph {
  readonly graph: Graph
  readonly shapes: Shapes
}

function flopsOf({ graph, shapes }: SizedGraph): number {
  const values = inferShapes(graph, shapes)
  return countGemmFlops(graph, new Map([...values].map(([name, { shape }]) => [name, shape])))
}

function simplifyFor(graph: Graph, shapes: Shapes): SizedGraph {
  return { graph: simplify(graph, { inputShapes: shapes }), shapes }
}

async function shapesOfPart(parts: StepParts, batch: ContrastiveBatch, count: number) {
  const inputs = async (side: 'image' | 'text') =>
    shapesOf(prefixInputs(parts[side], await batch[side](0, count)))
  return { image: await inputs('image'), text: await inputs('text') }
}

function embeddingShapes(
  parts: StepParts,
  size: number,
  whole: Readonly<Record<'image' | 'text', Shapes>>,
): Shapes {
  return Object.fromEntries(
    sides.map((side) => {
      const { output, graph } = parts[side]
      const width = inferShapes(graph, whole[side]).get(output)!.shape[1]!
      return [output, [size, width]]
    }),
  )
}

function sumOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0)
}
