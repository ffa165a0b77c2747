/** What every transport must keep of the stream of events. */
import { describe, expect, test } from 'vitest'
import type { EngineClient } from '../../shared/contract/contract.js'
import type { EngineEvent } from '../../shared/contract/events.js'

export function testEvents(client: () => EngineClient): void {
  describe('events', () => {
    test('begin with the jobs, and follow no faster than anybody can read', async () => {
      const stop = new AbortController()
      const events = await client().events.subscribe(undefined, { signal: stop.signal })
      const told: EngineEvent[] = []
      const startedAt = performance.now()
      const following = (async () => {
        for await (const event of events) told.push(event)
      })().catch(() => {})
      await expect.poll(() => told[0]?.type).toBe('jobs')
      for (let i = 1; i <= 60; i++) await client().settings.set({ thumbnailLimitBytes: 1e8 + i })
      const last = { type: 'settings', settings: { thumbnailLimitBytes: 1e8 + 60 } }
      // A job that an earlier test began may be telling of itself.
      const changes = () => told.filter(({ type }) => type === 'settings')
      await expect.poll(() => changes().at(-1)).toMatchObject(last)
      const tenths = (performance.now() - startedAt) / 100
      expect(changes().length).toBeLessThanOrEqual(tenths + 2)
      stop.abort()
      await following
    })

    test('reach everybody who listens, until they stop', async () => {
      const [one, two] = [await client().events.subscribe(), await client().events.subscribe()]
      for (const events of [one, two]) {
        expect((await events.next()).value).toMatchObject({ type: 'jobs' })
      }
      // A job that an earlier test began may be telling of itself.
      const nextChange = async (events: AsyncIterator<EngineEvent>) => {
        for (;;) {
          const { value, done } = await events.next()
          if (done || value.type === 'settings') return value
        }
      }
      const next = [nextChange(one), nextChange(two)]
      await client().settings.set({ theme: 'dark' })
      for (const value of await Promise.all(next)) {
        expect(value).toMatchObject({ type: 'settings', settings: { theme: 'dark' } })
      }
      await one.return?.()
      await client().settings.set({ theme: 'system' })
      expect(await nextChange(two)).toMatchObject({ settings: { theme: 'system' } })
      await two.return?.()
    })
  })
}
