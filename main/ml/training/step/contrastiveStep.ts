/** The engine of contrastive training: one call is one update of both towers from one batch. */
import type { OptimizerSpec } from '../../../../shared/domain/training.js'
import type { Towers } from '../../clip/builder/buildTowers.js'
import type { Device, InPlaceSession, Tensors } from '../../runtime/session.js'
import type { Loss } from '../losses/loss.js'
import { clipFactor, measureNorm } from '../optimizers/gradientNorm.js'
import { createOptimizer } from '../optimizers/table.js'
import type { ContrastiveBatch } from './contrastiveBatch.js'
import { clampLossParameters, createParameterStore, viewsOf } from './parameterStore.js'
import { prepareParts, type Side } from './parts.js'
import { runCached } from './runCached.js'
import { runJoint } from './runJoint.js'
import { createSessionCache } from './sessionCache.js'
import { prefixInputs, runForward, type StepRunner } from './stepRunner.js'
import { createUpdater } from './updater.js'

export interface ContrastiveStepOptions {
  readonly towers: Towers
  readonly loss: Loss
  readonly optimizer: OptimizerSpec
  /** Batches up to this size run at once, larger ones in parts of it by GradCache. */
  readonly microBatchSize: number
  readonly clipNorm: number
  /** Decay of the weight average; 0 for none. */
  readonly emaDecay: number
  readonly device: Device
  readonly threads: number
}

interface StepOutcome {
  readonly loss: number
  /** What cosines are multiplied by: exp(theta). */
  readonly logitScale: number
  /** Before clipping. Where it is not finite, nothing was updated. */
  readonly gradientNorm: number
}

/** Weights by `image/<name>`, `text/<name>` and the loss's own names; views that stay current. */
type Parameters = ReadonlyMap<string, Float32Array>

/** `device` is the one in use, `notice` a sentence for the user where `auto` had to fall back. */
export interface ContrastiveStep extends Pick<InPlaceSession, 'device' | 'notice'> {
  run(batch: ContrastiveBatch, learningRate: number): Promise<StepOutcome>
  readonly parameters: Parameters
  /** The averaged weights; the current ones without an average. */
  readonly emaParameters: Parameters
  /**
   * Everything that the next step depends on besides the batch, as live arrays: a run is resumed
   * bit by bit by writing saved numbers into them.
   */
  readonly state: Readonly<Record<string, Float32Array>>
  /** The unnormalised embeddings, [rows, embeddingDim], of inputs under the tower's own names. */
  embed(side: Side, inputs: Tensors, weights: 'current' | 'average'): Promise<Tensors[string]>
  dispose(): Promise<void>
}

/**
 * Sessions kept. A step of GradCache takes three of any shape, and a backward one for each tower's
 * full and last part, the text's for each of up to five lengths: with fewer than it needs, every
 * step would open all of its sessions again.
 */
const keptSessions = 16

export async function createContrastiveStep(
  options: ContrastiveStepOptions,
): Promise<ContrastiveStep> {
  const { towers, loss, clipNorm, emaDecay, microBatchSize } = options
  const optimizer = createOptimizer(options.optimizer)
  const store = createParameterStore(towers, loss, optimizer, emaDecay)
  // Without the memory pattern a run of 256 pairs takes 770 MB, with it 1,750 MB in the same time.
  const session = { device: options.device, threads: options.threads, memoryPattern: false }
  const { values: parameters, gradients, state, average } = store
  const { decayedLength } = store.layout
  const arrays = { parameters, gradients, state, average }
  const updater = await createUpdater(optimizer, arrays, { decayedLength, emaDecay }, session)
  const sessions = createSessionCache(keptSessions)
  const parts = prepareParts(towers, loss)
  const runner: StepRunner = {
    parts,
    store,
    sessions,
    options: session,
    usesGroups: loss.usesGroups,
  }

  const { device, notice } = updater
  return {
    device,
    ...(notice === undefined ? {} : { notice }),
    async run(batch, learningRate) {
      const joint = batch.size <= microBatchSize
      const value = await (joint
        ? runJoint(runner, batch)
        : runCached(runner, batch, microBatchSize))
      const gradientNorm = measureNorm(gradients)
      if (Number.isFinite(gradientNorm) && Number.isFinite(value)) {
        const update = ++store.updates[0]!
        const gradientScale = clipFactor(gradientNorm, clipNorm)
        await updater.apply({ update, learningRate, gradientScale })
        clampLossParameters(store, loss)
      }
      const theta = parameters[store.layout.places.get('logit_scale')!.offset]!
      return { loss: value, logitScale: Math.exp(theta), gradientNorm }
    },
    parameters: viewsOf(store, parameters),
    emaParameters: viewsOf(store, average ?? parameters),
    state: {
      parameters,
      ...Object.fromEntries(Object.entries(state).map(([k, v]) => [`optimizer/${k}`, v])),
      ...(average ? { average } : {}),
      updates: store.updates,
    },
    async embed(side, inputs, weights) {
      const values = weights === 'average' ? (average ?? parameters) : parameters
      return runForward(runner, side, prefixInputs(parts[side], inputs), values)
    },
    async dispose() {
      await sessions.dispose()
      await updater.dispose()
    },
  }
}
