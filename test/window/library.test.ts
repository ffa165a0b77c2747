/** The library's grid: by month, by keyboard, by mouse, and what is done with a selection. */
import { describe, expect, it, test } from 'vitest'
import { unpack } from '../../shared/domain/packed.js'
import { expectAccessible, hasBrowser, ofElement } from '../support/appWindow.js'
import { writeDatedShapes } from '../support/datedShapes.js'
import { windowForFile } from '../support/windowForFile.js'

describe.skipIf(!hasBrowser)('the library', () => {
  const window = windowForFile({ write: (folder) => writeDatedShapes(folder) })
  const grid = () => window.page.getByRole('grid', { name: 'All photos' })
  const tiles = () => window.page.getByRole('gridcell')
  const selected = () => window.page.getByRole('gridcell', { selected: true })
  const focused = () => window.page.locator('[data-focused]')
  const photoIds = async () =>
    unpack((await window.client.photos.timeline({ order: 'newest' })).ids)
  const bar = () => window.page.getByRole('region', { name: 'Selection' })

  it('shows photos by month, newest first, under headings that stay', async () => {
    await window.show('/')
    await grid().waitFor()
    await window.page.getByText('40 photos').waitFor()
    expect(await window.page.getByRole('rowheader').first().textContent()).toBe('January 2025')
    const first = tiles().first()
    await expect.poll(() => first.getAttribute('aria-label')).toBe('2025-01-10 purple ring.png')
    await expect
      .poll(() => first.locator('img').evaluate(ofElement<number>('element.naturalWidth')))
      .toBeGreaterThan(50)
    await expectAccessible(window.page)
    await grid().evaluate(ofElement('element.scrollTo(0, 80)'))
    const heading = window.page.getByRole('rowheader', { name: 'January 2025' })
    const box = await heading.boundingBox()
    const gridBox = await grid().boundingBox()
    expect(Math.abs(box!.y - gridBox!.y)).toBeLessThan(20)
  })

  it('is opaque in light and dark, so that it scrolls while the page is busy', async () => {
    const background = ofElement<string>('getComputedStyle(element).backgroundColor')
    for (const colorScheme of ['light', 'dark'] as const) {
      await window.page.emulateMedia({ colorScheme })
      await window.show('/')
      // Chromium's compositor scrolls alone only what nothing can be seen through.
      await expect.poll(() => grid().evaluate(background)).toMatch(/^rgb\(/)
    }
    await window.page.emulateMedia({ colorScheme: null })
  })

  it('leads anywhere by its scrubber, with keys and by pointer', async () => {
    await window.show('/')
    const scrubber = window.page.getByRole('slider', { name: 'Place in the list' })
    expect(await scrubber.getAttribute('aria-valuetext')).toBe('January 2025')
    await scrubber.press('End')
    await expect.poll(() => scrubber.getAttribute('aria-valuetext')).toBe('May 2024')
    await scrubber.press('Home')
    await expect.poll(() => scrubber.getAttribute('aria-valuetext')).toBe('January 2025')
    const box = (await scrubber.boundingBox())!
    await window.page.mouse.click(box.x + box.width / 2, box.y + box.height - 1)
    await expect.poll(() => scrubber.getAttribute('aria-valuetext')).toBe('May 2024')
  })

  it('turns around, and shows photos as large as one likes', async () => {
    await window.show('/')
    await window.page.getByText('Oldest first').click()
    await expect
      .poll(() => window.page.getByRole('rowheader').first().textContent())
      .toBe('March 2024')
    const height = async () => (await tiles().first().boundingBox())!.height
    const before = await height()
    const size = window.page.getByRole('slider', { name: 'Size of photos' })
    await size.focus()
    for (let press = 0; press < 8; press++) await size.press('ArrowRight')
    await expect.poll(height).toBeGreaterThan(before + 20)
    await window.page.reload()
    await grid().waitFor()
    await expect.poll(height).toBeGreaterThan(before + 20)
    for (let press = 0; press < 8; press++) await size.press('ArrowLeft')
  })

  it('is walked by keys: arrows move, space opens and closes, X selects', async () => {
    await window.show('/')
    const ids = await photoIds()
    await tiles().first().waitFor()
    await grid().focus()
    await grid().press('ArrowRight')
    await expect.poll(() => focused().getAttribute('data-photo')).toBe(String(ids[1]))
    await grid().press('Space')
    const dialog = window.page.getByRole('dialog', { name: /^Photo: / })
    await dialog.waitFor()
    await window.page.keyboard.press('ArrowRight')
    await expect.poll(() => window.page.url()).toContain(`photo=${ids[2]}`)
    await window.page.keyboard.press('Space')
    await dialog.waitFor({ state: 'detached' })
    // What was looked at last is in focus, wherever one came from.
    await expect.poll(() => focused().getAttribute('data-photo')).toBe(String(ids[2]))
    await grid().focus()
    await grid().press('x')
    await grid().press('Shift+ArrowRight')
    await grid().press('Shift+ArrowRight')
    await expect.poll(() => selected().count()).toBe(3)
    await bar().getByText('3 photos selected').waitFor()
    await grid().press('Escape')
    expect(await selected().count()).toBe(0)
    await grid().press('Control+a')
    await bar().getByText('40 photos selected').waitFor()
    await grid().press('Escape')
    await grid().press('End')
    await expect.poll(() => focused().getAttribute('data-photo')).toBe(String(ids.at(-1)))
  })

  it('selects by mouse: the mark, Ctrl, Shift, and a click once some are selected', async () => {
    await window.show('/')
    await tiles().nth(1).hover()
    await tiles().nth(1).locator('[data-part=check]').click()
    await tiles()
      .nth(4)
      .click({ modifiers: ['Shift'] })
    await expect.poll(() => selected().count()).toBe(4)
    await tiles().nth(2).click()
    await expect.poll(() => selected().count()).toBe(3)
    await window.page.getByRole('button', { name: 'Clear selection' }).click()
    await tiles()
      .nth(0)
      .click({ modifiers: ['Control'] })
    await expect.poll(() => selected().count()).toBe(1)
    expect(await window.page.getByRole('dialog').count()).toBe(0)
    await window.page.getByRole('button', { name: 'Clear selection' }).click()
  })

  it('gives a selection tags and captions, all at once', async () => {
    await window.show('/')
    const ids = [...(await photoIds()).subarray(0, 3)]
    await tiles().first().waitFor()
    await grid().focus()
    await grid().press('x')
    await grid().press('Shift+ArrowRight')
    await grid().press('Shift+ArrowRight')
    await bar().getByText('3 photos selected').waitFor()
    await bar().getByRole('button', { name: 'Tag' }).click()
    await window.page.getByRole('textbox', { name: 'Add a tag to all of them' }).fill('holiday')
    await window.page.keyboard.press('Enter')
    await window.page.getByText('Saved for 3 photos.').waitFor()
    await bar().getByRole('button', { name: 'Caption' }).click()
    const caption = window.page.getByRole('textbox', { name: 'Add a caption to all of them' })
    await caption.fill('<b>The last</b> day')
    await window.page.keyboard.press('Enter')
    await expect
      .poll(async () => (await window.client.photos.get({ id: ids[2]! })).captions)
      .toMatchObject([{ text: '<b>The last</b> day', source: 'user' }])
    for (const id of ids) {
      const { tags } = await window.client.photos.get({ id })
      expect(tags).toMatchObject([{ text: 'holiday', source: 'user' }])
    }
    await expectAccessible(window.page)
    await expect
      .poll(() => tiles().first().getAttribute('aria-label'))
      .toBe('<b>The last</b> day, 2025-01-10 purple ring.png')
  })

  it('has a menu for each photo, also by its key', async () => {
    await window.show('/')
    const ids = await photoIds()
    await tiles().nth(1).click({ button: 'right' })
    await window.page.getByRole('menuitem', { name: 'Find similar photos' }).click()
    await expect.poll(() => window.page.url()).toContain(`q=like%3A${ids[1]}`)
    await window.page.getByRole('heading', { name: 'Results' }).waitFor()
    await window.show('/')
    await tiles().first().waitFor()
    await grid().focus()
    await grid().press('ContextMenu')
    await window.page.getByRole('menuitem', { name: 'Select' }).click()
    await expect.poll(() => selected().count()).toBe(1)
  })

  test('writes words beside the files only when asked, and says so first', async () => {
    await window.show('/')
    await tiles().first().waitFor()
    await grid().focus()
    await grid().press('x')
    await bar().getByRole('button', { name: 'Write words beside the files' }).click()
    const question = window.page.getByRole('dialog')
    await question.getByText('The photos themselves are not changed.', { exact: false }).waitFor()
    await question.getByRole('button', { name: 'Cancel' }).click()
    expect((await window.client.jobs.list()).some(({ kind }) => kind === 'write words')).toBe(false)
    await bar().getByRole('button', { name: 'Write words beside the files' }).click()
    await question.getByRole('button', { name: 'Write' }).click()
    await window.page.getByText('The words are being written.').waitFor()
    await window.idle()
    const jobs = await window.client.jobs.list()
    expect(jobs.find(({ kind }) => kind === 'write words')).toMatchObject({ state: 'completed' })
  })
})
