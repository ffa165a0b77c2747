/** Exported models through each method that starts from a model, and through transformers.js after it. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openModelDirectory } from '../../../../main/ml/clip/modelDirectory.js'
import { createPauseGate } from '../../../../main/ml/training/pauseGate.js'
import { runTraining } from '../../../../main/ml/training/runTraining.js'
import type { TrainingEvent } from '../../../../shared/domain/training.js'
import { type ExportKind, exportKindNames, exportKinds } from '../../../support/exports/kinds.js'
import { temporaryFolder } from '../../../support/temporaryFolder.js'
import { leastAgreement } from '../../../support/transformersAgreement.js'
import { createTinyRun } from './tinyCollection.js'

const tuned = {
  arch: null,
  emaDecay: 0,
  augment: false,
  batchSize: 20,
  microBatchSize: 20,
} as const
const methods = {
  quick: { method: 'quick', learningRate: 5e-3, epochs: 40 },
  'quick with a hidden layer': { method: 'quick', head: 'mlp', learningRate: 5e-3, epochs: 40 },
  deep: { method: 'deep', learningRate: 1e-2, epochs: 12, blend: 1 },
  full: { method: 'full', learningRate: 1e-3, epochs: 12, blend: 1 },
} as const

async function tune(kind: ExportKind, method: keyof typeof methods) {
  const parent = await exportKinds[kind](join(await temporaryFolder(), kind))
  const run = await createTinyRun({ ...tuned, ...methods[method], from: parent.path })
  onTestFinished(() => rm(run.folder, { recursive: true, force: true }))
  const events: TrainingEvent[] = []
  await runTraining(run.workFolder, {
    signal: new AbortController().signal,
    gate: createPauseGate(),
    saveEveryMs: 10_000,
    onEvent: (event) => events.push(event),
  })
  const losses = events.flatMap((event) => (event.type === 'step' ? [event.loss] : []))
  return { losses, model: await openModelDirectory(run.out, { verify: 'full' }), parent }
}

const timeout = 180_000

const all = exportKindNames.flatMap((kind) =>
  Object.keys(methods).map((method) => [kind, method] as [ExportKind, keyof typeof methods]),
)

describe('an exported model', () => {
  it.each(all)('of the kind %s learns by %s', { timeout }, async (kind, method) => {
    const { losses, model, parent } = await tune(kind, method)
    expect(losses.at(-1)!).toBeLessThan(losses[0]!)
    expect(model.manifest).toMatchObject({ method: methods[method].method, parent: parent.id })
    // Other programs load it, and see in pictures and words what is seen here.
    expect(await leastAgreement(model, ['a red circle', 'a cat'])).toBeGreaterThan(0.9999)
  })
})
