import { expect, test } from 'vitest'
import { planSaves } from '../../../../main/ml/training/savingPlan.js'

/** When a run of ten minutes saves, in seconds; each save takes so long. */
function savesAt(saveMs: number, longestMs = 30_000): number[] {
  const plan = planSaves(longestMs, 0)
  const saves: number[] = []
  for (let nowMs = 0; nowMs < 600_000; nowMs += 100) {
    if (!plan.isDue(nowMs)) continue
    saves.push(nowMs / 1000)
    plan.note(nowMs, nowMs + saveMs)
    nowMs += saveMs
  }
  return saves
}

test('what is saved in no time is saved every second', () => {
  expect(savesAt(0)).toHaveLength(599)
})

test('the first save does not wait, the others take a twentieth of the time', () => {
  const saves = savesAt(1_000)
  expect(saves[0]).toBe(1)
  expect((saves[2]! - saves[1]! - 1) * 0.05).toBeCloseTo(1, 1)
})

test('what takes longest to save is still saved every half a minute', () => {
  const saves = savesAt(5_000)
  expect(saves[2]! - saves[1]!).toBeLessThanOrEqual(35.2)
})

test('a run that is not to be saved is not', () => {
  expect(savesAt(0, Number.POSITIVE_INFINITY)).toEqual([])
})
