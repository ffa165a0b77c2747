/** Shots of one camera within two seconds of each other. */
import { dirname } from 'node:path'
import type { LinkRule } from '../linkRule.js'

/** Largest time between two shots of a burst. */
const burstMs = 2_000

/** A camera that is not known is taken for one camera in each folder. */
export const captureTimes: LinkRule = {
  name: 'capture times within two seconds',
  // A camera that was left running takes a picture each second.
  chains: true,
  async find({ pairs, evidence }, link) {
    const byCamera = new Map<string, { at: number; i: number }[]>()
    evidence.shots.forEach((shot, i) => {
      if (shot === null) return
      const camera = shot.camera ?? `in ${dirname(pairs[i]!.image)}`
      const known = byCamera.get(camera)
      if (known) known.push({ at: shot.atMs, i })
      else byCamera.set(camera, [{ at: shot.atMs, i }])
    })
    const links: { gap: number; a: number; b: number }[] = []
    for (const shots of byCamera.values()) {
      shots.sort((a, b) => a.at - b.at || a.i - b.i)
      for (let k = 1; k < shots.length; k++) {
        const [before, after] = [shots[k - 1]!, shots[k]!]
        const gap = after.at - before.at
        if (gap <= burstMs) links.push({ gap, a: before.i, b: after.i })
      }
    }
    for (const { a, b } of links.sort((x, y) => x.gap - y.gap)) link(a, b)
  },
}
