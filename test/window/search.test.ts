/** The search box and its results, by words, pictures, terms and filters. */
import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { unpack } from '../../shared/domain/packed.js'
import { expectAccessible, hasBrowser, ofElement } from '../support/appWindow.js'
import { writeDatedShapes } from '../support/datedShapes.js'
import { photographs } from '../support/photographs.js'
import { windowForFile } from '../support/windowForFile.js'

describe.skipIf(!hasBrowser)('search', () => {
  const window = windowForFile({
    realStarter: true,
    async write(folder) {
      await writeDatedShapes(folder)
      await copyFile(photographs[3]!, join(folder, 'minka.jpg'))
    },
  })
  const box = () => window.page.getByRole('combobox', { name: 'Search your photos' })
  const options = () => window.page.getByRole('option')
  const results = () => window.page.getByRole('grid', { name: 'Results' })
  const first = () => results().getByRole('gridcell').first()
  const firstName = () => first().getAttribute('aria-label')
  const look = async (query: string) => {
    await box().fill(query)
    await box().press('Enter')
    await results().waitFor()
  }

  it('answers while one types, and brings the focus with /', async () => {
    await window.show('/')
    await window.page.getByRole('grid').waitFor()
    await window.page.keyboard.press('/')
    await window.page.keyboard.type('red', { delay: 20 })
    await results().waitFor()
    await window.page.keyboard.type(' star', { delay: 20 })
    await expect.poll(firstName).toBe('2024-03-06 red star.png')
    await expect.poll(() => new URL(window.page.url()).searchParams.get('q')).toBe('red star')
    await expectAccessible(window.page)
    // The way back leads over what was searched, not over how it was typed.
    await window.page.goBack()
    await window.page.getByRole('grid', { name: 'All photos' }).waitFor()
    await window.page.goForward()
    await expect.poll(() => box().inputValue()).toBe('red star')
    await window.page.getByRole('button', { name: 'Clear search' }).click()
    await window.page.getByRole('grid', { name: 'All photos' }).waitFor()
  })

  it('draws a line below which matches are weak, and tells why each is there', async () => {
    await window.show('/')
    await look('yellow triangle')
    await window.page.getByText(/^\d+ good match/).waitFor()
    await results().getByRole('rowheader', { name: 'Weaker matches' }).waitFor()
    await first().hover()
    const why = (tile: Locator) => tile.locator('[data-why]').getAttribute('data-why')
    await expect.poll(() => why(first())).toMatch(/^Relevance \d+.?% · In its name: /)
    // By keyboard too.
    await results().focus()
    await results().press('ArrowRight')
    await expect.poll(() => why(results().locator('[data-focused]'))).toMatch(/^Relevance/)
    await results().press('Home')
    await results().press('Enter')
    const panel = window.page.getByRole('complementary', { name: 'Information' })
    await panel.getByText('Why it is here, for “yellow triangle”').waitFor()
    await panel.getByText(/^In its name: .*yellow triangle$/).waitFor()
    await window.page.keyboard.press('Escape')
  })

  it('says honestly that nothing matches, and shows the nearest ones only when asked', async () => {
    await window.show('/')
    await box().fill('xyzzy plugh')
    await box().press('Enter')
    const nothing = window.page.getByRole('button', { name: 'Show the nearest ones anyway' })
    await nothing.waitFor()
    expect(await results().count()).toBe(0)
    await expectAccessible(window.page)
    await nothing.click()
    await results().waitFor()
    await expect.poll(() => results().getByRole('gridcell').count()).toBeGreaterThan(3)
  })

  it('sorts by date, and leaves nothing out', async () => {
    await window.show('/search?q=circle')
    await results().waitFor()
    await window.page.getByText('Oldest first').click()
    await expect.poll(firstName).toBe('2024-03-01 red circle.png')
    expect(new URL(window.page.url()).searchParams.get('order')).toBe('oldest')
    const { total } = await window.client.search.run({
      query: 'circle',
      order: 'oldest',
      model: null,
    })
    expect(total).toBe(41)
  })

  it('takes away what is unwanted, and weighs', async () => {
    await window.show('/')
    await look('star')
    await expect.poll(firstName).toContain('star')
    await look('star - red star')
    await expect.poll(firstName).not.toBe('2024-03-06 red star.png')
    await look('star^0.1 + "yellow triangle"^3')
    await expect.poll(firstName).toContain('yellow triangle')
    // Among so few shapes this one is no sure match for the starter, but still the nearest.
    const query = 'star^0.1 + "red circle"^3'
    const { ids } = await window.client.search.run({ query, order: 'relevance', model: null })
    const { name } = await window.client.photos.get({ id: unpack(ids)[0]! })
    expect(name).toContain('red circle')
  })

  it('filters in the same language, and completes it from what the library has', async () => {
    const [id] = unpack((await window.client.photos.timeline({ order: 'oldest' })).ids)
    await window.client.photos.editWords({
      ids: [id!],
      add: { captions: [], tags: ['my birthday'] },
      remove: { captions: [], tags: [] },
    })
    await window.show('/')
    await box().fill('ta')
    await options().filter({ hasText: 'tag:' }).first().waitFor()
    await box().press('ArrowDown')
    await box().press('Tab')
    await expect.poll(() => box().inputValue()).toBe('tag:')
    const value = options().filter({ hasText: 'my birthday' })
    await value.waitFor()
    expect(await value.textContent()).toContain('1')
    await value.click()
    await expect.poll(() => box().inputValue()).toContain('tag:"my birthday"')
    await box().press('Enter')
    await window.page.getByText('1 photo', { exact: true }).waitFor()
    await expect.poll(() => results().getByRole('gridcell').count()).toBe(1)

    await look('after:2024-11 before:2025 type:png')
    await window.page.getByText('10 photos', { exact: true }).waitFor()
    await look('is:untagged -name:circle type:jpeg')
    await expect.poll(firstName).toContain('minka.jpg')
    await look('circle after:2025 type:png')
    await expect.poll(() => results().getByRole('gridcell').count()).toBe(10)
  })

  it('says so where the filters leave nothing', async () => {
    await window.show('/')
    await box().fill('after:2031')
    await box().press('Enter')
    await window.page.getByText('No photo meets this').waitFor()
    expect(await results().count()).toBe(0)
    await expectAccessible(window.page)
  })

  it('says what a filter does not understand, where it stands', async () => {
    await window.show('/')
    await box().fill('red after:soon')
    await window.page.getByRole('status').filter({ hasText: 'soon' }).waitFor()
    expect(await box().getAttribute('aria-invalid')).toBe('true')
  })

  it('remembers what was searched, and forgets it', async () => {
    await window.show('/')
    await look('green cross')
    await window.show('/')
    await box().focus()
    const past = options().filter({ hasText: 'green cross' })
    await past.waitFor()
    await past.click()
    await expect.poll(firstName).toContain('green cross')
    await window.show('/')
    await box().focus()
    await past.waitFor()
    const labels = await options().allTextContents()
    for (let at = 0; at <= labels.indexOf('green cross'); at++) await box().press('ArrowDown')
    await box().press('Shift+Delete')
    await past.waitFor({ state: 'detached' })
    const history = await window.client.search.history()
    expect(history.map(({ query }) => query)).not.toContain('green cross')
  })

  it('keeps what one thinks of a result, by keys and by mouse', async () => {
    await window.show('/')
    await look('star')
    await first().waitFor()
    await results().focus()
    const id = Number(await results().locator('[data-focused]').getAttribute('data-photo'))
    await results().press('b')
    await window.page.getByText('Noted.', { exact: false }).first().waitFor()
    const explain = async () => {
      const [reason] = await window.client.search.explain({ query: 'star', ids: [id] })
      return reason?.judgement
    }
    expect(await explain()).toBe('no match')
    await first().hover()
    const match = first().getByTitle('Good match')
    await match.click()
    await expect.poll(explain).toBe('match')
    await expect.poll(() => match.getAttribute('aria-pressed')).toBe('true')
    await match.click()
    await expect.poll(explain).toBe(null)
  })

  /** A picture in the page, as a paste or drop brings it. */
  const carry = async (name: 'paste' | 'drop', path: string) => {
    const bytes = (await readFile(path)).toString('base64')
    await window.page.evaluate(`(() => {
      const data = new DataTransfer()
      const bytes = Uint8Array.from(atob('${bytes}'), (letter) => letter.charCodeAt(0))
      data.items.add(new File([bytes], 'picture.jpg', { type: 'image/jpeg' }))
      const options = { bubbles: true, cancelable: true }
      window.dispatchEvent('${name}' === 'paste'
        ? new ClipboardEvent('paste', { ...options, clipboardData: data })
        : new DragEvent('drop', { ...options, dataTransfer: data }))
    })()`)
  }

  it.each(['paste', 'drop'] as const)('finds what is like a picture: %s', async (name) => {
    await window.show('/')
    await carry(name, photographs[3]!)
    await results().waitFor()
    await expect.poll(() => box().inputValue()).toMatch(/^picture:\w+$/)
    const shown = window.page.getByRole('img', { name: 'Picture that is searched for' })
    await expect.poll(() => shown.evaluate(ofElement('element.naturalWidth'))).toBeGreaterThan(50)
    await expect.poll(firstName).toContain('minka.jpg')
  })

  it('finds what is like a file, together with words', async () => {
    await window.show('/')
    await box().fill('cat')
    const chooser = window.page.waitForEvent('filechooser')
    await window.page.getByRole('button', { name: 'Search with a picture' }).click()
    await (await chooser).setFiles(photographs[3]!)
    await expect.poll(() => box().inputValue()).toMatch(/^cat \+ picture:\w+$/)
    await expect.poll(firstName).toContain('minka.jpg')
  })

  it('says so when what was dropped is no picture', async () => {
    await window.show('/')
    await carry('drop', join(import.meta.dirname, 'search.test.ts'))
    await window.page.getByText('This picture could not be read.').waitFor()
  })

  it('finds what is like a photo', async () => {
    await window.show('/')
    const tile = window.page.getByRole('gridcell', { name: /minka/ })
    await tile.click({ button: 'right' })
    await window.page.getByRole('menuitem', { name: 'Find similar photos' }).click()
    await results().waitFor()
    // It resembles itself, which nobody wants to be told.
    expect(await results().getByRole('gridcell', { name: /minka/ }).count()).toBe(0)
  })
})
