/** What `npm start` runs: the desktop window, or the same app in a browser where there is none. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { projectRoot } from '../platform/entries.js'
import { findElectron } from './findElectron.js'
import { hasDisplay } from './hasDisplay.js'

const electron = findElectron()
const options = process.argv.slice(2)

if (electron !== null && hasDisplay() && options.length === 0) startWindow(electron)
else await serveInstead()

function startWindow(program: string): void {
  const main = join(projectRoot, 'dist', 'main', 'hosts', 'electron', 'main.js')
  const child = spawn(program, [main], { stdio: 'inherit' })
  child.on('close', (code) => {
    process.exitCode = code ?? 1
  })
}

async function serveInstead(): Promise<void> {
  // Asked for by an option, it needs no excuse.
  if (options.length === 0) console.log(`${reason()}; serving the same app on this machine.`)
  const { runCli } = await import('./cli/runCli.js')
  process.exitCode = await runCli(['serve', ...options])
}

function reason(): string {
  if (electron === null) {
    return 'No desktop window: Electron is not downloaded ("npx install-electron" does that)'
  }
  return 'No desktop window: there is no display'
}
