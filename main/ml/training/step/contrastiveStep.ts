/** The engine of contrastive training: one call is one update of both towers from one batch. */
import type { OptimizerSpec } from '../../../../shared/domain/training.js'
import type { Towers } from '../../clip/builder/buildTowers.js'
import type { Device, InPlaceSession, Tensors } from '../../runtime/session.js'
import { logitScaleName } from '../losses/scalars.js'
import type { Objective } from '../objectives/objective.js'
import { clipFactor, measureNorm } from '../optimizers/gradientNorm.js'
import { createOptimizer } from '../optimizers/table.js'
import { createActivationStore, keptBytesBeside } from './activationStore.js'
import type { ContrastiveBatch } from './contrastiveBatch.js'
import { differentiateMean } from './differentiateMean.js'
import {
  clampLossParameters,
  createParameterStore,
  type ParameterStore,
  viewsOf,
} from './parameterStore.js'
import { prepareParts, type Side } from './parts.js'
import { runCached } from './runCached.js'
import { runJoint } from './runJoint.js'
import { createSessionCache } from './sessionCache.js'
import { prefixInputs, rowsOf, runForward, type StepRunner } from './stepRunner.js'
import { createUpdater } from './updater.js'

export interface ContrastiveStepOptions {
  readonly towers: Towers
  readonly objective: Objective
  readonly optimizer: OptimizerSpec
  /** Batches up to this size run at once, larger ones in parts of it by GradCache. */
  readonly microBatchSize: number
  readonly clipNorm: number
  /** Decay of the weight average; 0 for none. */
  readonly emaDecay: number
  readonly device: Device
  readonly threads: number
  /** What GradCache may keep of its first pass; what the machine's memory allows if left out. */
  readonly keptBytes?: number
}

interface StepOutcome {
  readonly loss: number
  /** What cosines are multiplied by: exp(theta); null where the loss does not learn it. */
  readonly logitScale: number | null
  /** Before clipping. Where it is not finite, nothing was updated. */
  readonly gradientNorm: number
}

/** Weights by `image/<name>`, `text/<name>` and the loss's own names; views that stay current. */
type Parameters = ReadonlyMap<string, Float32Array>

/** `device` is the one in use, `notice` a sentence for the user once `auto` had to fall back. */
export interface ContrastiveStep extends Pick<InPlaceSession, 'device' | 'notice'> {
  run(batch: ContrastiveBatch, learningRate: number): Promise<StepOutcome>
  /** One update by the mean of the batches' gradients; its loss is the mean of theirs. */
  runMean(batches: readonly ContrastiveBatch[], learningRate: number): Promise<StepOutcome>
  /** What GradCache may keep of its first pass. */
  readonly keptBytes: number
  readonly parameters: Parameters
  /** The averaged weights; the current ones without an average. */
  readonly emaParameters: Parameters
  /**
   * Everything that the next step depends on besides the batch, as live arrays: a run is resumed
   * bit by bit by writing saved numbers into them.
   */
  readonly state: Readonly<Record<string, Float32Array>>
  /**
   * The unnormalised embeddings, [rows, embeddingDim], of inputs under the tower's own names, by the
   * step's weights or by others under their names.
   */
  embed(
    side: Side,
    inputs: Tensors,
    weights: 'current' | 'average' | Parameters,
  ): Promise<Tensors[string]>
  dispose(): Promise<void>
}

/**
 * Sessions kept. A step of GradCache takes three of any shape, and two or three for each tower's full
 * and last part, the text's for each of up to five lengths: with fewer than it needs, every step
 * would open all of its sessions again.
 */
const keptSessions = 24

/** Kept values lie in this process's memory, so on a graphics device nothing is gained by them. */
function keptBytesFor({ device }: ContrastiveStepOptions, store: ParameterStore): number {
  const { values, gradients, state, average } = store
  const arrays = [values, gradients, ...Object.values(state), ...(average ? [average] : [])]
  const usedBytes = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0)
  return device === 'cpu' ? keptBytesBeside(usedBytes) : 0
}

export async function createContrastiveStep(
  options: ContrastiveStepOptions,
): Promise<ContrastiveStep> {
  const { towers, objective, clipNorm, emaDecay, microBatchSize } = options
  const optimizer = createOptimizer(options.optimizer)
  const store = createParameterStore(towers, objective, optimizer, emaDecay)
  // Without the memory pattern a run of 256 pairs takes 770 MB, with it 1,750 MB in the same time.
  let notice: string | undefined
  const session = {
    device: options.device,
    threads: options.threads,
    memoryPattern: false,
    onNotice: (text: string) => {
      notice ??= text
    },
  }
  const { values: parameters, gradients, state, average } = store
  const { ranges } = store.layout
  const arrays = { parameters, gradients, state, average }
  const updater = await createUpdater(optimizer, arrays, { ranges, emaDecay }, session)
  const sessions = createSessionCache(keptSessions)
  const parts = prepareParts(towers, objective)
  const keptBytes = options.keptBytes ?? keptBytesFor(options, store)
  const runner: StepRunner = {
    parts,
    store,
    sessions,
    options: session,
    activations: createActivationStore(keptBytes),
    halves: new Map(),
  }

  function readLogitScale(): number | null {
    const place = store.layout.places.get(logitScaleName)
    return place === undefined ? null : Math.exp(parameters[place.offset]!)
  }

  /** Leaves the batch's gradients in the store. Returns its loss. */
  function differentiate(batch: ContrastiveBatch): Promise<number> {
    const joint = parts.sides.every((side) => rowsOf(batch, side) <= microBatchSize)
    return joint ? runJoint(runner, batch) : runCached(runner, batch, microBatchSize)
  }

  async function update(loss: number, learningRate: number): Promise<StepOutcome> {
    const gradientNorm = measureNorm(gradients)
    if (Number.isFinite(gradientNorm) && Number.isFinite(loss)) {
      const updates = ++store.updates[0]!
      const gradientScale = clipFactor(gradientNorm, clipNorm)
      await updater.apply({ update: updates, learningRate, gradientScale })
      clampLossParameters(store, objective)
    }
    return { loss, logitScale: readLogitScale(), gradientNorm }
  }

  return {
    get device() {
      return notice === undefined ? updater.device : 'cpu'
    },
    get notice() {
      return notice
    },
    run: async (batch, learningRate) => update(await differentiate(batch), learningRate),
    async runMean(batches, learningRate) {
      return update(await differentiateMean(batches, gradients, differentiate), learningRate)
    },
    keptBytes,
    parameters: viewsOf(store, parameters),
    emaParameters: viewsOf(store, average ?? parameters),
    state: {
      parameters,
      ...Object.fromEntries(Object.entries(state).map(([k, v]) => [`optimizer/${k}`, v])),
      ...(average ? { average } : {}),
      updates: store.updates,
    },
    async embed(side, inputs, weights) {
      const own = { current: parameters, average: average ?? parameters }
      const values = typeof weights === 'string' ? own[weights] : weights
      return runForward(runner, side, prefixInputs(parts[side], inputs), values)
    },
    async dispose() {
      await sessions.dispose()
      await updater.dispose()
    },
  }
}
