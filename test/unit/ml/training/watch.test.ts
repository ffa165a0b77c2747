import { expect, test } from 'vitest'
import type { ContrastiveStep } from '../../../../main/ml/training/step/contrastiveStep.js'
import { createWatcher } from '../../../../main/ml/training/watch.js'

const report = {} as never
const step = {} as ContrastiveStep
const { signal } = new AbortController()

/** Steps of `stepMs` with measurements of `measureMs`, on a clock of its own. */
async function watchRun(
  steps: number,
  stepMs: number,
  measureMs: number,
  measurements: number | null = null,
) {
  let nowMs = 0
  const measuredAt: number[] = []
  const watcher = createWatcher(
    {
      part: 'validation',
      measurements,
      async measure() {
        nowMs += measureMs
        return { report, enough: false }
      },
    },
    step,
    {
      signal,
      onEvent: (event) => void (event.type === 'evaluated' && measuredAt.push(event.step)),
    },
    () => nowMs,
  )
  for (let at = 0; at <= steps; at++) {
    await watcher(at, at / steps)
    nowMs += stepMs
  }
  return { measuredAt, share: (measuredAt.length * measureMs) / nowMs }
}

test('a short run is measured from its start to its end', async () => {
  const { measuredAt } = await watchRun(100, 5, 10)
  expect(measuredAt.length).toBeGreaterThan(20)
  expect(measuredAt.at(0)).toBe(0)
  expect(measuredAt.at(-1)).toBe(100)
})

test('slow measurements take a small share of a long run', async () => {
  const { measuredAt, share } = await watchRun(20_000, 500, 20_000)
  expect(measuredAt.length).toBeGreaterThan(20)
  expect(share).toBeLessThan(0.05)
  expect(measuredAt.at(-1)).toBe(20_000)
})

test('where a model is chosen by it, a busy machine measures at the same steps', async () => {
  const quick = await watchRun(300, 1, 1, 25)
  const busy = await watchRun(300, 50, 4_000, 25)
  expect(quick.measuredAt).toHaveLength(26)
  expect(quick.measuredAt.slice(0, 3)).toEqual([0, 12, 24])
  expect(busy.measuredAt).toEqual(quick.measuredAt)
})

test('a stop during a measurement is left to the loop, any other failure is not', async () => {
  const stopping = new AbortController()
  const failing = (error: Error) =>
    createWatcher(
      { part: 'heldOut', measurements: null, measure: () => Promise.reject(error) },
      step,
      { signal: stopping.signal, onEvent: () => {} },
      () => 0,
    )
  await expect(failing(new Error('broken'))(0, 0)).rejects.toThrow('broken')
  stopping.abort()
  expect(await failing(new Error('aborted'))(0, 0)).toBe(false)
})
