/** Shows an address in the person's browser. */
import { spawn } from 'node:child_process'
import { hasDisplay } from '../hasDisplay.js'

const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

/** Does nothing where there is no screen or no program to open addresses: the address is printed. */
export function openInBrowser(url: string): void {
  if (!hasDisplay()) return
  const [command, ...rest] = openers[process.platform] ?? ['xdg-open']
  spawn(command, [...rest, url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
}
