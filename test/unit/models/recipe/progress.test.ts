import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openProgress } from '../../../../models/recipe/training/progress.js'

describe('openProgress', () => {
  it('goes on with the weights of a run with the same settings, and with no others', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'semblance-progress-'))
    const path = join(folder, 'training.progress')
    const state = { parameters: Float32Array.of(1, 2, 3), updates: Float32Array.of(7) }
    const begun = { step: 7, elapsedMs: 900 }
    await openProgress(path, { state }, { seed: 1 }).save(begun)
    const fresh = { parameters: new Float32Array(3), updates: new Float32Array(1) }
    const other = await openProgress(path, { state: fresh }, { seed: 2 }).restore()
    expect(other).toEqual({ step: 0, elapsedMs: 0 })
    expect([...fresh.parameters]).toEqual([0, 0, 0])
    expect(await openProgress(path, { state: fresh }, { seed: 1 }).restore()).toEqual(begun)
    expect([...fresh.parameters, ...fresh.updates]).toEqual([1, 2, 3, 7])
    await rm(folder, { recursive: true })
  })
})
