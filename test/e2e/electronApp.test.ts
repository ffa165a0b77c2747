/** The desktop app in Electron itself, where it is: the window, a folder chosen in it, and a search. */
import { join } from 'node:path'
import { _electron } from 'playwright-core'
import { expect, test } from 'vitest'
import { findElectron } from '../../main/hosts/findElectron.js'
import { hasDisplay } from '../../main/hosts/hasDisplay.js'
import { projectRoot } from '../../main/platform/entries.js'
import { writeShapes } from '../support/pictureFolder.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

const program = findElectron()
const missing = program === null ? 'Electron’s binary' : hasDisplay() ? null : 'display'
if (missing !== null) console.log(`Skipped: the app in Electron itself, as there is no ${missing}.`)

test.skipIf(missing !== null)(
  'opens a window, takes a folder and finds a photo',
  async () => {
    const folder = await temporaryFolder()
    const pictures = join(folder, 'pictures')
    await writeShapes(pictures, 12)
    const root = process.getuid?.() === 0
    const app = await _electron.launch({
      executablePath: program!,
      args: [
        ...(root ? ['--no-sandbox'] : []),
        `--user-data-dir=${join(folder, 'electron')}`,
        join(projectRoot, 'dist', 'main', 'hosts', 'electron', 'main.js'),
      ],
      env: { ...process.env, SEMBLANCE_HOME: join(folder, 'library') } as Record<string, string>,
    })
    try {
      await app.evaluate(({ dialog }, chosen) => {
        dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] })
      }, pictures)
      const window = await app.firstWindow()
      expect(await window.evaluate('typeof require + typeof process')).toBe('undefinedundefined')
      await window.getByRole('button', { name: 'Choose folders' }).click()
      await window.getByText('12 photos').waitFor({ timeout: 60_000 })
      await window.keyboard.press('/')
      await window.keyboard.type('red star')
      const results = window.getByRole('grid', { name: 'Results' })
      await results.getByRole('gridcell').first().waitFor({ timeout: 60_000 })
      await expect
        .poll(() => results.getByRole('gridcell').first().getAttribute('aria-label'))
        .toBe('red star.png')
    } finally {
      await app.close()
    }
  },
  120_000,
)
