/** Starts the app's real main process code on the stand-in, as often as a test file wants to. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { build, type Rollup } from 'vite'
import { vi } from 'vitest'
import { projectRoot } from '../../../main/platform/entries.js'

type StandIn = typeof import('./electron.js')

export interface StartOptions {
  readonly browser: Browser
  readonly systemFolder: string
  /** Whether another instance runs already. */
  readonly onlyInstance?: boolean
}

/** Each start gets a stand-in of its own, and modules that know nothing of the start before. */
export async function startMain(options: StartOptions): Promise<StandIn> {
  vi.resetModules()
  vi.doMock('electron', () => import('./electron.js'))
  const electron = await import('./electron.js')
  const { browser, systemFolder, onlyInstance = true } = options
  Object.assign(electron.state, { browser, systemFolder, onlyInstance })
  electron.state.pageScript = await pageScript()
  await import('../../../main/hosts/electron/main.js')
  return electron
}

let script: Promise<string> | null = null

/** The compiled preload with what it needs around it, and the tests' client. */
function pageScript(): Promise<string> {
  script ??= (async () => {
    const preload = join(projectRoot, 'dist', 'main', 'hosts', 'electron', 'preload.cjs')
    const around = await readFile(new URL('./pageSide.js', import.meta.url), 'utf8')
    const given = `const preloadSource = ${JSON.stringify(await readFile(preload, 'utf8'))}
      const platform = ${JSON.stringify(process.platform)}`
    return `if (window === top) { ${given}\n${around};\n${await bundleClient()} }`
  })()
  return script
}

async function bundleClient(): Promise<string> {
  const entry = fileURLToPath(new URL('./pageClient.ts', import.meta.url))
  const output = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'pageClient' } },
  })
  return ([output].flat()[0] as Rollup.RollupOutput).output[0].code
}
