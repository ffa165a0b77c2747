/** The browser in which the app is measured. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Browser, chromium } from 'playwright-core'
import { chromiumArguments, findChromium } from '../chromium.js'

/**
 * [Note: a browser among equals]
 * Chromium runs beside the app as its window does on a desktop: in the same session, and with no more
 * rights than a user has. Playwright would give it a session of its own, and Linux shares the processor
 * out among sessions first (sched_autogroup); and as root it puts itself before all other processes.
 * On two cores, which also draw, the app's threads then waited for up to a second at a time.
 */
export async function openBrowser(): Promise<Browser> {
  const executable = findChromium()
  if (executable === null) throw new Error('no Chromium was found to show the window in')
  const profile = await mkdtemp(join(tmpdir(), 'semblance-bench-'))
  const [command = executable, ...rest] = [...withoutPrivilege(), executable]
  const child = spawn(command, [...rest, ...headless, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const kill = () => child.kill()
  process.once('exit', kill)
  const browser = await chromium.connectOverCDP(await readEndpoint(child))
  const close = browser.close.bind(browser)
  browser.close = async () => {
    await close()
    process.off('exit', kill)
    if (child.exitCode === null && kill()) await once(child, 'exit')
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  return browser
}

const headless = [
  ...chromiumArguments,
  '--headless',
  '--hide-scrollbars',
  '--mute-audio',
  '--disable-extensions',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--remote-debugging-port=0',
]

/** What takes the right to raise its own priority from a program that root starts. */
function withoutPrivilege(): string[] {
  const setpriv = '/usr/bin/setpriv'
  if (process.getuid?.() !== 0 || !existsSync(setpriv)) return []
  return [setpriv, '--bounding-set=-sys_nice', '--inh-caps=-sys_nice']
}

function readEndpoint(child: ChildProcess): Promise<string> {
  // Read to its end, of whatever else it tells: a full pipe would stop it.
  const lines = createInterface({ input: child.stderr! })
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      const endpoint = /^DevTools listening on (ws:.*)$/.exec(line)?.[1]
      if (endpoint !== undefined) resolve(endpoint)
    })
    lines.once('close', () => reject(new Error('Chromium ended before it could be spoken to')))
    child.once('error', reject)
  })
}
