/** Work in the background lets searches pass, and is not held up for ever. */
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createSearchTraffic } from '../../../main/search/searchTraffic.js'

test('what passes waits until the last search under way has ended, well or badly', async () => {
  const { during, pass } = createSearchTraffic()
  await pass()
  const events: string[] = []
  const search = (name: string, ms: number, fails = false) =>
    during(async () => {
      await delay(ms)
      events.push(name)
      if (fails) throw new Error(name)
    })
  const first = search('first', 20)
  const second = search('second', 60, true)
  await Promise.all([
    first,
    expect(second).rejects.toThrow('second'),
    pass().then(() => events.push('passed')),
  ])
  expect(events).toEqual(['first', 'second', 'passed'])
  await pass()
})

test('a search that goes on and on does not stop what passes', async () => {
  const { during, pass } = createSearchTraffic()
  let end = () => {}
  const ending = new Promise<void>((resolve) => {
    end = resolve
  })
  const endless = during(() => ending)
  await pass()
  end()
  await endless
})

test('soon after a search, what passes begins one by one', async () => {
  const { duringSearch, pass } = createSearchTraffic()
  const begun = async (count: number) => {
    const startedAt = performance.now()
    await Promise.all(Array.from({ length: count }, pass))
    return performance.now() - startedAt
  }
  const before = await begun(4)
  await duringSearch(() => delay(5))
  const after = await begun(4)
  expect(before).toBeLessThan(200)
  expect(after).toBeGreaterThan(300)
  await delay(350)
  expect(await begun(4)).toBeLessThan(200)
})
