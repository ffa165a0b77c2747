/** The ways of changing a ViT-B/32 pair whose step is measured, set up as the methods do it. */
import { loadArchitecture } from '../main/ml/clip/architectures.js'
import { buildTowers } from '../main/ml/clip/builder/buildTowers.js'
import type { Tower } from '../main/ml/clip/builder/towerBuilder.js'
import { canonicalise } from '../main/ml/onnx/canonical/canonicalise.js'
import { deepTower } from '../main/ml/training/methods/tuning/deepTower.js'
import { fitToMemory } from '../main/ml/training/methods/tuning/fitToMemory.js'
import { findFrontier } from '../main/ml/training/methods/tuning/frontier.js'
import { fullTower } from '../main/ml/training/methods/tuning/fullTower.js'
import type { TunedTower } from '../main/ml/training/methods/tuning/tunedTower.js'
import { createRandom } from '../main/ml/training/random.js'
import type { BatchPart } from '../main/ml/training/step/contrastiveBatch.js'
import type { Shapes } from '../main/ml/training/step/stepGraphs.js'
import { completeTrainingSpec, type TrainingChoices } from '../main/tuning/trainingDefaults.js'
import type { TrainingSpec } from '../shared/domain/training.js'
import { randomBatch } from './randomBatch.js'
import type { TrainStepCase } from './trainStepCases.js'

/** What captions are cut to, in tokens. */
const textLength = 16
const architectureName = 'base-b32'

type Make = (graph: Pick<Tower, 'graph' | 'output'>, spec: TrainingSpec) => TunedTower

const deep: Make = (graph, { lowRank, seed }) =>
  deepTower(graph, { ...lowRank, seed }, architectureName)
const full: Make = (graph) => fullTower(graph, architectureName)

/** The table. Another case is one entry. */
export const tuningCases: Readonly<Record<string, TrainStepCase>> = {
  'deep, all blocks': tune({ method: 'deep' }, deep),
  'deep, last 4 blocks': tune({ method: 'deep', blocks: 4 }, deep),
  full: tune({ method: 'full' }, full),
}

/** The pair as a step of a method has it, with its defaults and the micro-batches it would choose. */
function tune(choices: TrainingChoices, make: Make): TrainStepCase {
  return async () => {
    const spec = completeTrainingSpec({ ...choices, from: architectureName })
    const architecture = await loadArchitecture(architectureName)
    const built = buildTowers(architecture, { seed: 1 })
    const batch = randomBatch(architecture, spec.batchSize, textLength)
    const { contextLength } = architecture.text
    const side = (tower: Tower, inputs: SideInputs) => {
      const sizes = inputs.shapes(2, contextLength)
      return cutOff(make(canonical(tower, sizes), spec), inputs)
    }
    const image = side(built.image, { part: batch.image, shapes: pixels, shared: [] })
    const text = side(built.text, { part: batch.text, shapes: tokens, shared: tokenInputs })
    const fitted = [image, text].map(({ tower, shapes }) => ({
      tower,
      shapes: (count: number) => shapes(count, contextLength),
    }))
    return {
      towers: { image: image.tower, text: text.tower, logitScaleInit: built.logitScaleInit },
      batch: { ...batch, image: image.part, text: text.part },
      microBatchSize: fitToMemory(fitted, spec.microBatchSize),
      textLength,
      emaDecay: spec.emaDecay,
    }
  }
}

const tokenInputs = ['input_ids', 'attention_mask']

function pixels(count: number): Shapes {
  return { pixel_values: [count, 3, 224, 224] }
}

function tokens(count: number, length: number): Shapes {
  return Object.fromEntries(tokenInputs.map((name) => [name, [count, length]]))
}

/** The form that encoders are brought into before they are changed. */
function canonical({ graph, output }: Tower, inputShapes: Shapes) {
  return { graph: canonicalise(graph, { inputShapes, path: architectureName }), output }
}

/** What one side of a batch is made of. */
interface SideInputs {
  readonly part: BatchPart
  readonly shapes: (batch: number, tokens: number) => Shapes
  readonly shared: readonly string[]
}

/** What is trained, fed with random numbers in place of what is computed once. */
function cutOff(tower: TunedTower, { part, shapes, shared }: SideInputs) {
  const frontier = findFrontier(tower, { shapes, shared, contextLength: textLength })
  if (frontier === null) return { tower, part, shapes }
  const dimsOf = (count: number, tokens: number) => {
    const [first, ...rest] = frontier.rowDims(tokens)
    return [count * first!, ...rest]
  }
  const random = createRandom(1)
  const length = (count: number) => dimsOf(count, textLength).reduce((a, b) => a * b, 1)
  let numbers = new Float32Array()
  return {
    tower: frontier.after,
    shapes: (count: number, tokens: number): Shapes => ({
      ...shapes(count, tokens),
      [frontier.value]: dimsOf(count, tokens),
    }),
    async part(start: number, count: number) {
      if (numbers.length < length(count)) {
        numbers = Float32Array.from({ length: length(count) }, () => random.between(-1, 1))
      }
      const data = numbers.subarray(0, length(count))
      const value = { type: 'float32', dims: dimsOf(count, textLength), data } as const
      return { ...(await part(start, count)), [frontier.value]: value }
    },
  }
}
