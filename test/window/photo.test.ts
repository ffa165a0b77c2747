/** One photo in the window: zoom, pages, facts, words, suggestions, similar ones, where words match. */
import { existsSync } from 'node:fs'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { unpack } from '../../shared/domain/packed.js'
import { expectAccessible, hasBrowser, ofElement } from '../support/appWindow.js'
import { photographs } from '../support/photographs.js'
import { writeShapes } from '../support/pictureFolder.js'
import { writeTeddyBears } from '../support/teddyBears.js'
import { windowForFile } from '../support/windowForFile.js'

/** The newest photo, by its camera's time. */
async function writeTold(path: string): Promise<void> {
  const exif = {
    IFD0: { Make: 'Nikon', Model: 'NIKON D90' },
    IFD2: {
      DateTimeOriginal: '2031:07:04 18:30:00',
      OffsetTimeOriginal: '+02:00',
      ExposureTime: '1/250',
      FNumber: '28/10',
      ISOSpeedRatings: '400',
      FocalLength: '35/1',
      LensModel: '35mm f/1.8',
    },
    IFD3: {
      GPSLatitudeRef: 'N',
      GPSLatitude: '48/1 51/1 30/1',
      GPSLongitudeRef: 'E',
      GPSLongitude: '2/1 17/1 40/1',
    },
  }
  await sharp(photographs[3]).withExif(exif).jpeg().toFile(path)
}

describe.skipIf(!hasBrowser)('the photo view', () => {
  const window = windowForFile({
    realStarter: true,
    async write(folder) {
      await writeShapes(folder, 12)
      await writeTold(join(folder, 'a cat walks.jpg'))
      await copyFile(photographs[4]!, join(folder, 'boats.jpg'))
      await writeFile(join(folder, 'boats.txt'), 'Boats in the harbour\n')
      await writeTeddyBears(join(folder, 'teddies.jpg'))
      await sharp(photographs[3]).resize(150, 600).jpeg().toFile(join(folder, 'tall.jpg'))
    },
  })
  let ids: Uint32Array
  let cat = 0
  beforeAll(async () => {
    if (!hasBrowser) return
    ids = unpack((await window.client.photos.timeline({ order: 'newest' })).ids)
    cat = ids[0]!
  })
  const dialog = () => window.page.getByRole('dialog', { name: /^Photo: / })
  const panel = () => window.page.getByRole('complementary', { name: 'Information' })
  const picture = () => dialog().locator('img').first()
  const scale = () =>
    picture().evaluate(
      ofElement<number>('new DOMMatrix(getComputedStyle(element.parentElement).transform).a'),
    )
  const open = async (id = cat) => {
    await window.show('/')
    await window.page.locator(`[data-photo="${id}"]`).click()
    await dialog().waitFor()
  }

  it('tells when, where and with what a photo was taken, and where it is', async () => {
    await open()
    const facts = panel().locator('dl')
    await facts.waitFor()
    const told = (await facts.allInnerTexts()).join('\n')
    for (const one of ['4 Jul 2031, 18:30 (UTC+2)', 'told by the camera', 'NIKON D90']) {
      expect(told).toContain(one)
    }
    expect(told).toContain('1/250 s ƒ/2.8 ISO 400 35 mm')
    expect(told).toContain('35mm f/1.8')
    expect(told).toContain('48.85833, 2.29444')
    expect(told).toContain(join(window.pictures, 'a cat walks.jpg'))
    await expectAccessible(window.page)
  })

  it('is found by its camera, which the search box offers', async () => {
    const { search } = window.client
    const text = 'camera:nik'
    const [offered] = await search.complete({ text, cursor: text.length })
    expect(offered).toMatchObject({ label: 'NIKON D90', count: 1 })
    const query = `camera:${offered?.insert}`
    const { ids: found } = await search.run({ query, order: 'relevance', model: null })
    expect([...unpack(found)]).toEqual([cat])
  })

  it('zooms by keys, buttons and wheel, and moves what is larger than the window', async () => {
    await open()
    expect(await scale()).toBe(1)
    await window.page.keyboard.press('+')
    await expect.poll(scale).toBeCloseTo(1.5)
    await window.page.getByRole('button', { name: 'Zoom in' }).click()
    await expect.poll(scale).toBeCloseTo(2.25)
    // So large, the original shows what the preview does not.
    await expect.poll(() => picture().getAttribute('src')).toContain('/original')
    const before = (await picture().boundingBox())!
    await window.page.mouse.move(500, 400)
    await window.page.mouse.down()
    await window.page.mouse.move(560, 430)
    await window.page.mouse.up()
    const after = (await picture().boundingBox())!
    expect([after.x - before.x, after.y - before.y].map(Math.round)).toEqual([60, 30])
    await window.page.mouse.wheel(0, -200)
    await expect.poll(scale).toBeGreaterThan(2.5)
    await window.page.keyboard.press('0')
    await expect.poll(scale).toBe(1)
  })

  it('goes on from a photo that an address names', async () => {
    await window.show(`/?photo=${ids[1]}`)
    await dialog().waitFor()
    await window.page.getByRole('button', { name: 'Next photo' }).click()
    await expect.poll(() => window.page.url()).toContain(`photo=${ids[2]}`)
  })

  it('goes to the next and the previous one, and closes where it was opened', async () => {
    await open()
    expect(await window.page.getByRole('button', { name: 'Previous photo' }).count()).toBe(0)
    await window.page.getByRole('button', { name: 'Next photo' }).click()
    await expect.poll(() => window.page.url()).toContain(`photo=${ids[1]}`)
    await window.page.keyboard.press('ArrowLeft')
    await expect.poll(() => window.page.url()).toContain(`photo=${cat}`)
    await window.page.keyboard.press('i')
    await panel().waitFor({ state: 'detached' })
    await window.page.keyboard.press('i')
    await panel().waitFor()
    await window.page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
    expect(new URL(window.page.url()).pathname).toBe('/')
    await window.page.goBack()
  })

  it('takes captions and tags, and gives them up again', async () => {
    await open()
    await panel().getByRole('textbox', { name: 'Add a caption' }).fill('Minka on the wall')
    await window.page.keyboard.press('Enter')
    await panel().getByText('Minka on the wall').waitFor()
    await panel().getByRole('textbox', { name: 'Add a tag' }).fill('minka')
    await window.page.keyboard.press('Enter')
    await panel().getByRole('button', { name: 'Remove "minka"' }).waitFor()
    await expect
      .poll(async () => (await window.client.photos.get({ id: cat })).tags)
      .toMatchObject([{ text: 'minka', source: 'user' }])
    await panel().getByRole('button', { name: 'Remove "Minka on the wall"' }).click()
    const caption = panel().getByRole('listitem').getByText('Minka on the wall')
    await caption.waitFor({ state: 'detached' })
    expect((await window.client.photos.get({ id: cat })).captions).toEqual([])
  })

  it('writes the words beside the file, only after a question', async () => {
    const star = join(window.pictures, 'red star.png.xmp')
    await open(await photoNamed('red star.png'))
    await panel().getByRole('textbox', { name: 'Add a caption' }).fill('A star, drawn in red')
    await window.page.keyboard.press('Enter')
    await panel().getByRole('button', { name: 'Remove "A star, drawn in red"' }).waitFor()
    const write = panel().getByRole('button', { name: 'Write words beside the files' })
    const question = window.page.getByRole('dialog', { name: 'Write words beside the files' })
    await write.click()
    await question.getByText('Captions and tags of 1 photo', { exact: false }).waitFor()
    await expectAccessible(window.page)
    // Keys are the question's, not those of the photo below it.
    const address = window.page.url()
    await window.page.keyboard.press('ArrowRight')
    await window.page.keyboard.press('Escape')
    await question.waitFor({ state: 'detached' })
    expect(window.page.url()).toBe(address)
    expect(existsSync(star)).toBe(false)
    await write.click()
    await question.getByRole('button', { name: 'Write', exact: true }).click()
    await window.page.getByText('The words are being written.').waitFor()
    await window.idle()
    expect(await readFile(star, 'utf8')).toContain('A star, drawn in red')
  })

  it('hides words that came with the files, for good, when they are taken away', async () => {
    const boats = await photoNamed('boats.jpg')
    await open(boats)
    await panel().getByRole('button', { name: 'Remove "Boats in the harbour"' }).click()
    const caption = panel().getByRole('listitem').getByText('Boats in the harbour')
    await caption.waitFor({ state: 'detached' })
    await window.client.library.rescan({ root: null })
    await window.idle()
    const { captions } = await window.client.photos.get({ id: boats })
    expect(captions.map(({ source }) => source)).not.toContain('text file')
  })

  async function photoNamed(name: string): Promise<number> {
    const summaries = await window.client.photos.summaries({ ids: [...ids] })
    return summaries.find((one) => one.name === name)!.id
  }

  it('suggests words, and takes one by a click', async () => {
    const star = await photoNamed('red star.png')
    await open(star)
    const suggestion = panel()
      .getByRole('button', { name: /^Add "/ })
      .first()
    await suggestion.waitFor()
    const word = (await suggestion.textContent())!.trim()
    await suggestion.click()
    await panel()
      .getByRole('button', { name: `Remove "${word}"` })
      .waitFor()
    const { captions, tags } = await window.client.photos.get({ id: star })
    expect([...captions, ...tags].map(({ text }) => text)).toContain(word)
  })

  it('shows where in the picture words match', async () => {
    await open()
    const map = dialog().locator('canvas')
    expect(await map.count()).toBe(0)
    await panel().getByRole('textbox', { name: 'Words to look for in this photo' }).fill('a cat')
    await window.page.keyboard.press('Enter')
    await map.waitFor()
    const parts = await map.evaluate(ofElement<number>('element.width * element.height'))
    expect(parts).toBeGreaterThanOrEqual(9)
    const shades = ofElement<number>(
      "new Set(element.getContext('2d').getImageData(0, 0, element.width, element.height).data).size",
    )
    expect(await map.evaluate(shades)).toBeGreaterThan(5)
    const toggle = panel().getByRole('switch', { name: 'Where the words match' })
    await toggle.press('Space')
    await map.waitFor({ state: 'detached' })
    // What is seen of it, and clicked, is not the input itself.
    await toggle.locator('xpath=following-sibling::*').first().click()
    await map.waitFor()
  })

  it('lays the light over what is seen of a tall picture', async () => {
    await open(await photoNamed('tall.jpg'))
    await panel().getByRole('textbox', { name: 'Words to look for in this photo' }).fill('a cat')
    await window.page.keyboard.press('Enter')
    const map = dialog().locator('canvas')
    await map.waitFor()
    await expect
      .poll(() => map.evaluate(ofElement<number>('element.width / element.height')))
      .toBeCloseTo(0.25, 2)
    // Both are fitted into their elements, which are as large.
    const place = ofElement<unknown>(
      "[getComputedStyle(element).objectFit, ...['top', 'bottom', 'left', 'right'].map((edge) => Math.round(element.getBoundingClientRect()[edge]))]",
    )
    expect(await map.evaluate(place)).toEqual(await picture().evaluate(place))
  })

  it('tells what is in it, shows where, and leads to all photos that show it', async () => {
    const teddies = await photoNamed('teddies.jpg')
    const { objects } = await window.client.photos.get({ id: teddies })
    const found = objects.filter(({ name }) => name === 'teddy bear')
    expect(found).toHaveLength(2)
    await open(teddies)
    const word = panel().getByRole('button', { name: '2 teddy bears' })
    await word.waitFor()
    const boxes = dialog().getByRole('img', { name: /^2 teddy bears/ })
    expect(await boxes.count()).toBe(0)
    // By keyboard: in focus, a word shows its boxes.
    await word.focus()
    await boxes.waitFor()
    await expect
      .poll(() => boxes.locator('text', { hasText: 'teddy bear' }).count())
      .toBe(found.length)
    await expectAccessible(window.page)
    await dialog().getByRole('button', { name: 'Close' }).focus()
    await boxes.waitFor({ state: 'detached' })
    await window.page.keyboard.press('o')
    await boxes.waitFor()
    // Over the picture itself: what the box says of it, in the pixels that it is drawn with.
    const box = (await boxes.locator('rect').nth(1).boundingBox())!
    const shown = (await boxes.boundingBox())!
    expect(box.x).toBeGreaterThanOrEqual(shown.x - 3)
    expect(box.x + box.width).toBeLessThanOrEqual(shown.x + shown.width + 3)
    await expectAccessible(window.page)
    await dialog().getByRole('button', { name: 'Show where things are' }).click()
    await boxes.waitFor({ state: 'detached' })
    await word.click()
    await expect
      .poll(() => new URL(window.page.url()).searchParams.get('q'))
      .toBe('object:"teddy bear"')
    await window.page.getByRole('grid', { name: 'Results' }).waitFor()
    const results = await window.client.search.run({
      query: 'object:"teddy bear"',
      order: 'relevance',
      model: null,
    })
    expect([...unpack(results.ids)]).toContain(teddies)
    const [reason] = await window.client.search.explain({ query: 'two teddies', ids: [teddies] })
    expect(reason!.matched).toContainEqual({ kind: 'object', text: '2 teddy bears' })
  })

  it('looks for no things where they are switched off, and for all of them once they are on', async () => {
    const teddies = await photoNamed('teddies.jpg')
    const objects = async () => (await window.client.photos.get({ id: teddies })).objects.length
    const before = await objects()
    expect(before).toBe(2)
    await window.show('/settings')
    const toggle = window.page.getByRole('switch', { name: 'Look for things in photos' })
    await toggle.press('Space')
    await expect.poll(objects).toBe(0)
    await open(teddies)
    await panel().locator('dl').waitFor()
    expect(await panel().getByText('Things in it').count()).toBe(0)
    await window.show('/settings')
    await toggle.press('Space')
    await expect.poll(objects, { timeout: 60_000 }).toBe(before)
    await window.idle()
  })

  it('leads to similar photos', async () => {
    await open(await photoNamed('red circle.png'))
    const similar = panel().getByRole('button', { name: /^Similar photo \d/ })
    await expect.poll(() => similar.count()).toBe(9)
    await similar.first().click()
    await expect.poll(() => window.page.url()).not.toContain(`photo=${cat}`)
    await panel().getByRole('button', { name: 'Show all' }).click()
    await expect.poll(() => window.page.url()).toContain('q=like')
    await window.page.getByRole('grid', { name: 'Results' }).waitFor()
  })

  it('says what is wrong with an address of no photo', async () => {
    await window.show('/?photo=99999')
    await window.page.getByRole('alert').getByText('This photo could not be shown').waitFor()
    await window.page.keyboard.press('Escape')
    await window.page.getByRole('grid', { name: 'All photos' }).waitFor()
  })
})
