/** The desktop host's real main process and preload, with Chromium in the place of its window. */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { LibraryStatus } from '../../shared/domain/library.js'
import type { HostCommand } from '../../shared/hostBridge.js'
import { chromiumArguments, findChromium } from '../support/chromium.js'
import { startMain } from '../support/electronStandIn/startMain.js'
import { writeClipExport } from '../support/exports/clip.js'
import { writeShapes } from '../support/pictureFolder.js'
import { lesson } from '../support/teachingEngine.js'
import { zipFolder } from '../support/zipFolder.js'

type StandIn = Awaited<ReturnType<typeof startMain>>

const executablePath = findChromium()
if (executablePath === null) console.log('Skipped: the desktop host, as there is no Chromium here.')

describe.skipIf(executablePath === null)('the desktop host', () => {
  let folder: string
  let browser: Browser
  let electron: StandIn
  let page: Page

  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'semblance-desktop-')))
    vi.stubEnv('SEMBLANCE_HOME', join(folder, 'library'))
    browser = await chromium.launch({ executablePath: executablePath!, args: chromiumArguments })
    electron = await startMain({ browser, systemFolder: folder })
    page = await shownPage(electron)
    await page.evaluate('connectTest()')
  })
  afterAll(async () => {
    electron?.app.exit()
    await browser?.close()
    vi.unstubAllEnvs()
    await rm(folder, { recursive: true, force: true })
  })

  /** Evaluates in the page; `engineClient` and `semblanceHost` stand there. */
  const ask = <T>(script: string) => page.evaluate(script) as Promise<T>

  it('shows the window’s own pages, in a sandbox, once they are drawn', async () => {
    const [window] = electron.BrowserWindow.getAllWindows()
    await expect.poll(() => window?.visible).toBe(true)
    expect(window?.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
    })
    expect(await page.title()).toBe('Semblance')
    expect(await ask('typeof require + typeof process')).toBe('undefinedundefined')
    const headers = await ask<Record<string, string>>(
      `fetch('/').then(({ headers }) => Object.fromEntries(headers))`,
    )
    expect(headers['content-security-policy']).toContain("script-src 'self'")
    expect(headers['content-security-policy']).toContain("default-src 'none'")
  })

  it('gives the page the engine, over a port of its own', async () => {
    expect(await ask('engineClient.settings.get()')).toMatchObject({ theme: 'system' })
    const unknown = ask(`engineClient.library.addFolders({ folders: ['not-granted'] })`)
    await expect(unknown).rejects.toThrow('choose again')
  })

  it('adds the folder that was chosen, and shows its pictures by range', async () => {
    const pictures = join(folder, 'pictures')
    const [first] = await writeShapes(pictures, 3)
    electron.state.chosen.push([pictures])
    await ask(`semblanceHost.chooseFolders().then((folders) =>
      engineClient.library.addFolders({ folders }))`)
    const { uid } = await vi.waitFor(
      async () => {
        const status = await ask<{ uid: string; photos: number }>('engineClient.library.status()')
        expect(status.photos).toBe(3)
        return status
      },
      { timeout: 60_000, interval: 200 },
    )
    const found = await ask<{ id: number; files: { path: string }[] }[]>(
      'Promise.all([1, 2, 3].map((id) => engineClient.photos.get({ id })))',
    )
    const photo = found.find(({ files }) => files[0]?.path === first)!
    const bytes = await ask<{ status: number; range: string; bytes: number[] }>(`(async () => {
      const headers = { range: 'bytes=1-3' }
      const answer = await fetch('/images/${uid}/${photo.id}/original', { headers })
      const bytes = [...new Uint8Array(await answer.arrayBuffer())]
      return { status: answer.status, range: answer.headers.get('content-range'), bytes }
    })()`)
    const file = await readFile(first!)
    expect(bytes).toEqual({
      status: 206,
      range: `bytes 1-3/${file.length}`,
      bytes: [...file.subarray(1, 4)],
    })
    expect(await ask(`fetch('/images/${uid}/999/tile').then(({ status }) => status)`)).toBe(404)
    const tiles = await ask<string>(
      `fetch('/images/${uid}/tiles/${photo.id},999').then((answer) => answer.text())`,
    )
    const lines = tiles.trimEnd().split('\n').sort()
    expect(lines).toEqual([
      expect.stringMatching(`^${photo.id} data:image/webp;base64,UklGR`),
      '999',
    ])

    await ask(`semblanceHost.reveal(${photo.id})`)
    expect(electron.state.revealed).toEqual([first])
    await ask(`semblanceHost.startDrag([${photo.id}])`)
    await vi.waitFor(() => expect(electron.state.dragged).toHaveLength(1), { timeout: 30_000 })
    expect(electron.state.dragged[0]).toMatchObject({
      file: first,
      files: [first],
      icon: { address: expect.stringMatching(/^data:image\/png;base64,/) },
    })
  })

  it('takes a picture to search by', async () => {
    const [, second] = await writeShapes(join(folder, 'other'), 2)
    const bytes = (await readFile(second!)).toString('base64')
    const pasted = await ask<{ picture: string }>(`(async () => {
      const body = await fetch('data:image/png;base64,${bytes}').then((a) => a.blob())
        .catch(() => new Blob([Uint8Array.from(atob('${bytes}'), (c) => c.charCodeAt(0))]))
      return (await fetch('/pictures', { method: 'POST', body })).json()
    })()`)
    expect(await ask(`fetch('/pictures/${pasted.picture}').then((a) => a.status)`)).toBe(200)
  })

  it('stays where it is, opens nothing and reaches nobody', async () => {
    const address = page.url()
    await ask(`void (location.href = 'https://example.com/')`)
    await ask(`void window.open('https://example.com/')`)
    await expect(ask(`fetch('https://example.com/')`)).rejects.toThrow()
    await ask(`new Promise((done) => {
      const image = Object.assign(new Image(), { src: 'https://example.com/a.png', onerror: done })
      document.body.append(image)
    })`)
    expect(page.url()).toBe(address)
    await expect.poll(() => page.context().pages().length).toBe(1)
    expect(electron.state.reached).toEqual([])
    expect(await ask('document.title')).toBe('Semblance')
  })

  it('denies what pages may ask of a system', async () => {
    const { defaultSession } = electron.session
    const granted = await new Promise((resolve) =>
      defaultSession.permissionRequestHandler?.(null, 'geolocation', resolve),
    )
    expect(granted).toBe(false)
    expect(defaultSession.permissionCheckHandler?.(null, 'media')).toBe(false)
    expect(defaultSession.devicePermissionHandler?.()).toBe(false)
  })

  it('listens to nobody but its own page, and to no nonsense', async () => {
    const [window] = electron.BrowserWindow.getAllWindows()
    const sender = window!.webContents
    const { answerInvoke } = electron
    const foreign = { sender, senderFrame: { url: 'app://semblance/' } }
    expect(await answerInvoke('semblance:reveal', foreign, [1])).toHaveProperty('error')
    const own = { sender, senderFrame: sender.mainFrame }
    expect(await answerInvoke('semblance:reveal', own, [-1])).toHaveProperty('error')
  })

  it('does in the page what the menu’s commands say', async () => {
    const items = electron.state.menu.flatMap((menu) => menu.submenu ?? [])
    const choose = (id: HostCommand) => items.find((item) => item.id === id)?.click?.()
    choose('palette')
    const palette = page.getByRole('dialog', { name: 'Commands' })
    await palette.waitFor()
    await page.keyboard.press('Escape')
    await palette.waitFor({ state: 'hidden' })
    choose('shortcuts')
    const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await keys.waitFor()
    await page.keyboard.press('Escape')
    await keys.waitFor({ state: 'hidden' })
    choose('settings')
    await page.getByRole('heading', { name: 'Settings' }).waitFor()
    choose('find')
    await expect.poll(() => ask('document.activeElement.role')).toBe('combobox')

    const pictures = join(folder, 'from the menu')
    await mkdir(pictures)
    electron.state.chosen.push([pictures])
    choose('add folder')
    await expect
      .poll(async () => {
        const { roots } = await ask<LibraryStatus>('engineClient.library.status()')
        return roots.map(({ path }) => path)
      })
      .toContain(pictures)
  })

  it('follows the theme that is set', async () => {
    await ask(`engineClient.settings.set({ theme: 'dark' })`)
    await expect.poll(() => electron.nativeTheme.themeSource).toBe('dark')
    expect(electron.BrowserWindow.getAllWindows()[0]?.background).toBe('#16181c')
  })

  it('shows its window when it is started again', () => {
    const [window] = electron.BrowserWindow.getAllWindows()
    window?.minimize()
    const focused = window?.focused ?? 0
    electron.app.emit('second-instance')
    expect(electron.BrowserWindow.getAllWindows()).toEqual([window])
    expect(window?.isMinimized()).toBe(false)
    expect(window?.focused).toBe(focused + 1)
  })

  it('imports a model from the archive that was chosen, and from none if none was', async () => {
    const packed = join(folder, 'Packed model.zip')
    await writeClipExport(join(folder, 'packed'))
    await zipFolder(join(folder, 'packed'), packed)
    electron.state.chosen.push([packed], [])
    const imported = await ask(`semblanceHost.chooseArchive().then((source) =>
      engineClient.models.importFrom({ source }))`)
    expect(imported).toMatchObject({ name: 'Packed model' })
    expect(await ask('semblanceHost.chooseArchive()')).toBeNull()
  })

  it('lends the engine a process to train in', async () => {
    const pictures = join(folder, 'lessons')
    await writeShapes(pictures, 24)
    electron.state.chosen.push([pictures])
    await ask(`semblanceHost.chooseFolders().then((folders) =>
      engineClient.library.addFolders({ folders }))`)
    const { job } = await vi.waitFor(
      async () => {
        const status = await ask<{ toIndex: number; photos: number }>(
          'engineClient.library.status()',
        )
        expect(status).toMatchObject({ photos: 24, toIndex: 0 })
        return ask<{ job: number }>(`engineClient.teach.start(${JSON.stringify(lesson)})`)
      },
      { timeout: 60_000, interval: 200 },
    )
    const trained = () => ask<{ state: string }>(`engineClient.teach.run({ job: ${job} })`)
    await vi.waitFor(async () => expect(await trained()).toMatchObject({ state: 'decide' }), {
      timeout: 60_000,
      interval: 200,
    })
    const trainer = electron.utilityProcesses.at(-1)
    expect(trainer?.entry).toBe('forkedEntry.js')
    await expect.poll(() => trainer?.child.exitCode).toBe(0)
  })

  it('starts a crashed engine anew, and asks when it keeps crashing', async () => {
    const engines = () =>
      electron.utilityProcesses.filter(({ entry }) => entry === 'engineProcess.js')
    const given = await ask<number>('portsGiven')
    for (const crash of [1, 2]) {
      engines().at(-1)?.child.kill('SIGKILL')
      await expect.poll(() => engines().length).toBe(1 + crash)
      await expect.poll(() => ask('portsGiven')).toBe(given + crash)
    }
    await ask('connectTest()')
    expect(await ask('engineClient.settings.get()')).toMatchObject({ theme: 'dark' })

    electron.state.pressed.push(0)
    engines().at(-1)?.child.kill('SIGKILL')
    await expect.poll(() => engines().length).toBe(4)
    expect(electron.state.shown.at(-1)?.detail).toContain('stopped unexpectedly')
    await ask('connectTest()')
    expect(await ask('engineClient.settings.get()')).toMatchObject({ theme: 'dark' })
  })

  it('remembers its place, closes its library, and ends', async () => {
    const [window] = electron.BrowserWindow.getAllWindows()
    const bounds = { x: 300, y: 200, width: 1000, height: 700 }
    window?.setBounds(bounds)
    const pidFile = join(folder, 'library', 'library.pid')
    expect(existsSync(pidFile)).toBe(true)
    electron.app.quit()
    expect(await electron.app.exited).toBe(0)
    expect(existsSync(pidFile)).toBe(false)
    expect(electron.utilityProcesses.every(({ pid }) => pid === undefined)).toBe(true)

    electron = await startMain({ browser, systemFolder: folder })
    page = await shownPage(electron)
    expect(electron.BrowserWindow.getAllWindows()[0]?.getNormalBounds()).toEqual(bounds)
    expect(electron.BrowserWindow.getAllWindows()[0]?.background).toBe('#16181c')
  })

  it('leaves the field to an instance that runs already', async () => {
    const second = await startMain({ browser, systemFolder: folder, onlyInstance: false })
    expect(await second.app.exited).toBe(0)
    expect(second.BrowserWindow.getAllWindows()).toHaveLength(0)
    expect(second.utilityProcesses).toHaveLength(0)
  })
})

async function shownPage(electron: StandIn): Promise<Page> {
  const window = await vi.waitFor(
    () => {
      const [first] = electron.BrowserWindow.getAllWindows()
      if (!first?.visible) throw new Error('no window is shown')
      return first
    },
    { timeout: 60_000 },
  )
  return window.webContents.page
}
