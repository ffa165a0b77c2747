import { describe, expect, it } from 'vitest'
import { findArchitecture } from '../../../../main/ml/clip/architectures.js'
import { fitMicroBatch } from '../../../../main/ml/training/methods/fitMicroBatch.js'

function microBatchOf(name: string, wanted: number): number {
  const architecture = findArchitecture(name)!
  if (architecture.image.kind !== 'vit') throw new Error(`${name} reads no pictures`)
  return fitMicroBatch({ image: architecture.image, text: architecture.text }, wanted)
}

describe('fitMicroBatch', () => {
  it('leaves small encoders the batch they are given', () => {
    expect(microBatchOf('tiny', 256)).toBe(256)
    expect(microBatchOf('small', 256)).toBe(256)
    expect(microBatchOf('small', 7)).toBe(7)
  })

  it('cuts the batch of encoders whose activations would not fit', () => {
    expect(microBatchOf('base-b32', 256)).toBeLessThanOrEqual(32)
    expect(microBatchOf('base-b32', 256)).toBeGreaterThanOrEqual(8)
  })
})
