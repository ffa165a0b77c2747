/** The grid's tiles: many with one request, kept once seen, and asked for again after a lost connection. */
import { describe, expect, it } from 'vitest'
import { hasBrowser, ofElement } from '../support/appWindow.js'
import { writeDatedShapes } from '../support/datedShapes.js'
import { windowForFile } from '../support/windowForFile.js'

describe.skipIf(!hasBrowser)('tiles', () => {
  const window = windowForFile({ write: (folder) => writeDatedShapes(folder) })
  const tilesRequest = /\/images\/[\w-]+\/tiles\//
  const pictures = () => window.page.getByRole('gridcell').locator('img')
  /** Of the pictures that are drawn, those that are not there. */
  const missing = () =>
    pictures().evaluateAll(ofElement<number>('element.filter((one) => !one.naturalWidth).length'))

  it('come many at a time', async () => {
    let [requests, single] = [0, 0]
    window.page.on('request', (request) => {
      if (tilesRequest.test(request.url())) requests++
      else if (request.url().endsWith('/tile')) single++
    })
    await window.show('/')
    await expect.poll(() => pictures().count()).toBe(40)
    await expect.poll(missing).toBe(0)
    // Two for those in sight, and after these two for those ahead.
    expect({ requests, single }).toEqual({ requests: 4, single: 0 })
  })

  it('in sight come first, and one that takes its time does not hold up the others for long', async () => {
    const asked: number[] = []
    await window.page.route(tilesRequest, async (route) => {
      asked.push(Date.now())
      // The first answer never comes.
      if (asked.length > 1) await route.continue()
    })
    await window.show('/')
    await expect.poll(() => asked.length).toBe(4)
    expect(asked[2]! - asked[1]!).toBeGreaterThan(500)
    await expect.poll(missing).toBe(16)
    await window.page.unroute(tilesRequest)
  })

  it('have no frame while they are waited for', async () => {
    await window.page.route(tilesRequest, () => {})
    await window.show('/')
    await expect.poll(() => pictures().count()).toBe(40)
    const seen = ofElement<string>('getComputedStyle(element).visibility')
    expect(await pictures().first().evaluate(seen)).toBe('hidden')
    await window.page.unroute(tilesRequest)
  })

  it('are kept once they were seen', async () => {
    await window.show('/')
    await expect.poll(() => pictures().count()).toBe(40)
    await expect.poll(missing).toBe(0)
    await window.page.route(tilesRequest, () => {})
    await window.page.getByRole('link', { name: 'Models' }).click()
    await pictures().first().waitFor({ state: 'detached' })
    await window.page.getByRole('link', { name: 'Photos' }).click()
    await expect.poll(() => pictures().count()).toBe(40)
    await expect.poll(missing).toBe(0)
    await window.page.unroute(tilesRequest)
  })

  it('are asked for again when the connection was lost', async () => {
    await window.page.route(tilesRequest, (route) => route.abort(), { times: 2 })
    await window.show('/')
    await expect.poll(() => pictures().count()).toBe(40)
    await expect.poll(missing).toBe(0)
  })

  it('that cannot be had show a name instead', async () => {
    await window.page.route(tilesRequest, (route) => route.fulfill({ body: '1\n2\n' }))
    await window.show('/')
    const first = window.page.getByRole('gridcell').first()
    await expect.poll(() => first.textContent()).toBe('2025-01-10 purple ring.png')
    await expect.poll(() => pictures().count()).toBe(0)
    await window.page.unroute(tilesRequest)
  })
})
