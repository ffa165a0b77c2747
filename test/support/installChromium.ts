/** Before all tests: sees to it that there is a browser, where it may be installed. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { findChromium } from './chromium.js'

export function setup(): void {
  if (findChromium() !== null) return
  console.log('No Chromium found; installing one for the browser tests.')
  if (!installByApt()) installByPlaywright()
  if (findChromium() === null) {
    console.log('Browser tests are skipped: no Chromium could be had here.')
  }
}

/** As root on Debian and its like. */
function installByApt(): boolean {
  if (process.getuid?.() !== 0 || !runs('apt-get', ['--version'])) return false
  return (
    runs('apt-get', ['update', '-qq']) &&
    runs('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'])
  )
}

function installByPlaywright(): boolean {
  const cli = createRequire(import.meta.url).resolve('playwright-core/cli.js')
  return runs(process.execPath, [cli, 'install', 'chromium'])
}

function runs(command: string, options: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync(command, options, { stdio: 'ignore', env, timeout: 300_000 }).status === 0
}
