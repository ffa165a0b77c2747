/** The report of an evaluation, as a browser shows it: whole, by itself, and accessible. */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { renderReport } from '../../main/hosts/cli/report/renderReport.js'
import { evaluateFolder } from '../../main/tuning/evaluateFolder.js'
import type { Evaluation } from '../../shared/domain/evaluation.js'
import { expectAccessible, hasBrowser, launchBrowser } from '../support/appWindow.js'
import { writeShapes } from '../support/pictureFolder.js'
import { writeSmallModel } from '../support/smallModel.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

const curves = {
  loss: Array.from({ length: 40 }, (_, step) => ({ step, value: 3 / (1 + step / 9) })),
  recall: [0, 20, 39].map((step) => ({ step, textToImage: step / 60, imageToText: step / 50 })),
  chance: 0.2,
}

/** Two small models on shapes in folders named after their colours; one has a name that is markup. */
async function evaluateShapes(folder: string): Promise<Evaluation> {
  for (const path of await writeShapes(join(folder, 'all'), 36)) {
    const [colour = '', shape = ''] = basename(path).split(' ')
    await mkdir(join(folder, 'pictures', colour), { recursive: true })
    await copyFile(path, join(folder, 'pictures', colour, shape))
  }
  await writeFile(join(folder, 'pictures', 'broken one.png'), 'no picture')
  const evaluation = await evaluateFolder(join(folder, 'pictures'), {
    model: await writeSmallModel(join(folder, 'one'), 1),
    against: await writeSmallModel(join(folder, 'two'), 2),
    labels: 'folders',
    signal: new AbortController().signal,
    onProgress() {},
  })
  const name = '<script>alert("name")</script>'
  return { ...evaluation, model: { ...evaluation.model, name }, training: { curves } }
}

describe.skipIf(!hasBrowser)('the report of an evaluation', () => {
  it('shows all of it in light and dark, asks for nothing, and runs nothing', async () => {
    const folder = await temporaryFolder()
    const evaluation = await evaluateShapes(folder)
    const path = join(folder, 'report.html')
    const createdAt = new Date('2026-01-02T03:04:05Z')
    await writeFile(path, renderReport(evaluation, { folder, createdAt }))
    expect(await readFile(path, 'utf8')).not.toMatch(/https?:|<script/)
    const browser = await launchBrowser()
    try {
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await browser.newPage({ colorScheme, bypassCSP: true })
        const asked: string[] = []
        page.on('request', (request) => asked.push(request.url()))
        page.on('console', (message) => asked.push(message.text()))
        await page.goto(pathToFileURL(path).href)
        const sections = await page.getByRole('heading', { level: 2 }).allTextContents()
        expect(sections).toEqual([
          'Which is better',
          'Finding pictures by words, and back',
          'Labels',
          'Similarities',
          'Training',
          'The hardest',
          'Pictures that could not be read',
        ])
        await page.getByRole('heading', { level: 1, name: '<script>' }).waitFor()
        expect(await page.getByRole('img').count()).toBe(6)
        await page.getByText('broken one.png').first().waitFor()
        expect(asked).toEqual([pathToFileURL(path).href])
        await expectAccessible(page)
        await page.close()
      }
    } finally {
      await browser.close()
    }
  })
})
