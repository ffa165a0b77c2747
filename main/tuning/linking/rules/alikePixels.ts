/** Pictures that are the same to the eye, smaller, recompressed or slightly changed. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { areAlike, bandsOf } from '../hashBands.js'
import type { LinkRule } from '../linkRule.js'

/** Comparisons until others have their turn: some milliseconds. */
const comparisonsPerTurn = 200_000

export const alikePixels: LinkRule = {
  name: 'a perceptual hash',
  chains: false,
  async find({ evidence: { fingerprints } }, link, signal) {
    const buckets = new Map<number, number[]>()
    fingerprints.forEach((fingerprint, i) => {
      if (fingerprint === null) return
      for (const band of bandsOf(fingerprint)) {
        const bucket = buckets.get(band)
        if (bucket) bucket.push(i)
        else buckets.set(band, [i])
      }
    })
    let compared = 0
    for (const bucket of buckets.values()) {
      for (let i = 0; i < bucket.length; i++) {
        for (let j = i + 1; j < bucket.length; j++) {
          const [a, b] = [bucket[i]!, bucket[j]!]
          if (areAlike(fingerprints[a]!, fingerprints[b]!)) link(a, b)
        }
        compared += bucket.length - i
        if (compared < comparisonsPerTurn) continue
        compared = 0
        await nextTurn()
        signal.throwIfAborted()
      }
    }
  },
}
