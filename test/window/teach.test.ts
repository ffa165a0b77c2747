/** Teaching from the window: what it learns from, its curves, before and after, keep and roll back. */
import { describe, expect, it } from 'vitest'
import { unpack } from '../../shared/domain/packed.js'
import { expectAccessible, hasBrowser } from '../support/appWindow.js'
import { drawShapes } from '../support/drawnShapes.js'
import { windowForFile } from '../support/windowForFile.js'

describe.skipIf(!hasBrowser)('teaching', () => {
  const window = windowForFile({ write: (folder) => drawShapes(folder, 5) })
  const main = () => window.page.getByRole('main')
  const start = () => main().getByRole('button', { name: 'Teach', exact: true })
  const run = (name: string) => main().getByRole('article', { name })

  it('shows what it would learn from, by words and by photos', async () => {
    await window.show('/teach')
    await main().getByText('90 photos have words, of 90', { exact: false }).waitFor()
    await main()
      .getByText(/\d+ photos are held back to measure by/)
      .waitFor()
    const examples = main().getByRole('list', { name: 'For example' }).getByRole('listitem')
    expect(await examples.first().textContent()).toMatch(/^[a-z]+ (circle|square|bar)$/)
    await expectAccessible(window.page)
    await main()
      .getByRole('checkbox', { name: /^File and folder names/ })
      .click()
    await main()
      .getByText(/^0 photos have words/)
      .waitFor()
    await expect.poll(() => start().isDisabled()).toBe(true)
    await main()
      .getByRole('checkbox', { name: /^File and folder names/ })
      .click()
    await main().getByText('A search', { exact: true }).click()
    await expect.poll(() => start().isDisabled()).toBe(true)
    await main().getByRole('textbox', { name: 'What to search for' }).fill('name:circle')
    await main().getByText('30 photos have words, of 30', { exact: false }).waitFor()
  })

  it('lets all pairs be looked through, with all their words', async () => {
    const { ids } = await window.client.teach.preview({
      source: { kind: 'library' },
      words: { captions: true, tags: true, names: true, judgements: true },
    })
    const last = unpack(ids).at(-1)!
    const none = { captions: [], tags: [] }
    const add = { captions: ['the last one of all'], tags: ['drawn'] }
    await window.client.photos.editWords({ ids: [last], add, remove: none })
    await window.show('/teach')
    await main().getByRole('button', { name: 'Show all with their words' }).click()
    const all = window.page.getByRole('dialog', { name: 'All photos with their words' })
    const pairs = all.getByRole('list', { name: 'All photos with their words' }).locator('> li')
    await all.getByText('1 to 60 of 90').waitFor()
    await expect.poll(() => pairs.count()).toBe(60)
    await expectAccessible(window.page)
    await all.getByRole('button', { name: 'Next page' }).click()
    await all.getByText('61 to 90 of 90').waitFor()
    await expect.poll(() => pairs.count()).toBe(30)
    const words = await pairs.last().getByRole('listitem').allTextContents()
    expect(words.slice(0, 2)).toEqual(['the last one of all', 'drawn'])
    expect(words[2]).toMatch(/^[a-z]+ (circle|square|bar)$/)
    // What is said of photos meanwhile is seen at once.
    await window.client.photos.editWords({ ids: [last], add: none, remove: add })
    await pairs.last().getByText('drawn').waitFor({ state: 'detached' })
    await window.page.keyboard.press('Escape')
    await all.waitFor({ state: 'detached' })
  })

  it('lets a person learn more deeply, and says how long the other ways take', async () => {
    await window.show('/teach')
    const way = (name: string) => main().getByRole('radio', { name })
    await main()
      .getByText(/^About \d+ (s|min) on this computer\.$/)
      .nth(1)
      .waitFor({ timeout: 60_000 })
    expect(await way('Adjust what it knows').isChecked()).toBe(true)
    await way('Adjust what it knows').focus()
    await window.page.keyboard.press('ArrowDown')
    expect(await way('Learn more deeply').isChecked()).toBe(true)
    await expectAccessible(window.page)
    await main().getByRole('textbox', { name: 'Name of the new model' }).fill('Deeper')
    await main()
      .getByRole('textbox', { name: /^Minutes at most/ })
      .fill('0.1')
    await start().click()
    await run('Deeper').getByText('Done: keep it?').waitFor({ timeout: 60_000 })
    await run('Deeper').getByText('Learn more deeply').waitFor()
    await run('Deeper').getByRole('button', { name: 'Discard' }).click()
    await run('Deeper').getByText('Discarded').waitFor()
  })

  it('learns from a selection', async () => {
    const ids = [...unpack((await window.client.photos.timeline({ order: 'newest' })).ids)]
    await window.show('/')
    const grid = window.page.getByRole('grid', { name: 'All photos' })
    await grid.getByRole('gridcell').first().waitFor()
    await grid.focus()
    await grid.press('Control+a')
    await window.page.getByRole('button', { name: 'Teach', exact: true }).click()
    await main().getByText('90 selected photos').waitFor()
    await window.show(`/teach?photos=${ids.slice(0, 3).join()}`)
    await main().getByText('3 photos have words, of 3', { exact: false }).waitFor()
  })

  it('learns, tells what changed on photos it never saw, and is discarded', async () => {
    await window.show('/teach')
    const name = main().getByRole('textbox', { name: 'Name of the new model' })
    await name.fill('Not for me')
    await start().click()
    await run('Not for me').getByText('Done: keep it?').waitFor({ timeout: 60_000 })
    await run('Not for me').getByRole('img', { name: /^Loss/ }).waitFor()
    await run('Not for me')
      .getByRole('img', { name: /^Found among the first ten/ })
      .waitFor()
    await run('Not for me')
      .getByText(/^Of \d+ photos it never saw/)
      .waitFor()
    const table = run('Not for me').getByRole('table')
    const rows = await table.getByRole('row').allTextContents()
    expect(rows).toHaveLength(7)
    expect(rows[1]).toMatch(/words → photo, R@1\d+.?%.*\d+.?%.*\d+.?%/)
    await run('Not for me')
      .getByText(/place \d+ → \d+/)
      .first()
      .waitFor()
    await expectAccessible(window.page)
    await run('Not for me').getByRole('button', { name: 'Discard' }).click()
    await run('Not for me').getByText('Discarded').waitFor()
    expect(await window.client.models.list()).toHaveLength(1)
  })

  it('is kept and used, and rolled back and forth at once', async () => {
    const indexings = async () =>
      (await window.client.jobs.list()).filter(({ kind }) => kind === 'index').length
    const before = await indexings()
    await window.show('/teach')
    await main().getByRole('textbox', { name: 'Name of the new model' }).fill('Our shapes')
    await start().click()
    const keep = run('Our shapes').getByRole('button', { name: 'Keep and use' })
    await keep.waitFor({ timeout: 60_000 })
    await keep.click()
    await run('Our shapes').getByText('Kept').waitFor({ timeout: 60_000 })
    await window.idle()

    await window.show('/models')
    const model = (title: string) => main().getByRole('listitem').filter({ hasText: title })
    await model('Our shapes').getByText('In use', { exact: true }).waitFor()
    await model('Our shapes').getByText('90 photos seen', { exact: false }).waitFor()
    await model('Our shapes').getByRole('button', { name: 'Details' }).click()
    await model('Our shapes').getByRole('table').waitFor()
    await expectAccessible(window.page)
    await model('Our shapes').getByRole('button', { name: 'Check files' }).click()
    await window.page.getByText(/^All \d+ files are as they were made\.$/).waitFor()
    const top = async () => {
      const query = {
        query: 'red circle',
        order: 'relevance',
        model: null,
      } as const
      const found = await window.client.search.run(query)
      expect(found.searched).toBe(90)
      return found.model
    }
    const taught = await top()
    await model('Starter').getByRole('button', { name: 'Use' }).click()
    await model('Starter').getByText('In use', { exact: true }).waitFor()
    expect(await top()).not.toBe(taught)
    await window.page.getByRole('button', { name: 'Undo' }).click()
    await model('Our shapes').getByText('In use', { exact: true }).waitFor()
    expect(await top()).toBe(taught)
    // Nothing had to be looked at again.
    expect(await indexings()).toBe(before)
  })

  it('removes a model only after a question', async () => {
    await window.show('/models')
    const starter = main().getByRole('listitem').filter({ hasText: 'Starter' })
    await starter.getByRole('button', { name: 'Use' }).click()
    await starter.getByText('In use', { exact: true }).waitFor()
    const taught = main().getByRole('listitem').filter({ hasText: 'Our shapes' })
    await taught.getByRole('button', { name: 'Remove' }).click()
    const question = window.page.getByRole('dialog')
    await question.getByRole('button', { name: 'Cancel' }).click()
    expect(await window.client.models.list()).toHaveLength(2)
    await taught.getByRole('button', { name: 'Remove' }).click()
    await question.getByRole('button', { name: 'Remove' }).click()
    await taught.waitFor({ state: 'detached' })
    expect(await window.client.models.list()).toHaveLength(1)
  })
})
