import { describe, expect, it } from 'vitest'
import { overlappedLimit, sharedLimit } from '../../../bench/indexingLimits.js'

describe('limits of indexing', () => {
  it('adds the times of a picture where the cores are shared', () => {
    // 25 ms of encoding and 100 ms of decoding.
    expect(sharedLimit({ encoding: 40, decoding: 10 })).toBeCloseTo(8, 12)
    expect(sharedLimit({ encoding: 10, decoding: 40 })).toBeCloseTo(8, 12)
  })

  it('is that of the slower part where each has cores of its own', () => {
    expect(overlappedLimit({ encoding: 40, decoding: 10 })).toBe(10)
    expect(overlappedLimit({ encoding: 10, decoding: 40 })).toBe(10)
  })
})
