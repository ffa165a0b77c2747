/** Packs the app with the real packer, but around an empty stand-in for Electron's binary. */
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { build, Platform } from 'electron-builder'
import { z } from 'zod'
import { projectRoot } from '../../../platform/entries.js'
import { binaryToFlip } from './fuses.js'

const packageSchema = z.object({ version: z.string() })

export interface PackedApp {
  /** Holds the app: app.asar and what is unpacked beside it, or app/. */
  readonly resources: string
  readonly executable: string
}

export async function packWithoutElectron(
  folder: string,
  { asar }: { readonly asar: boolean },
): Promise<PackedApp> {
  const electronDist = join(folder, 'electron')
  await mkdir(electronDist, { recursive: true })
  const require = createRequire(import.meta.url)
  const { version } = packageSchema.parse(require('electron/package.json'))
  await writeFile(join(electronDist, 'electron'), binaryToFlip(), { mode: 0o755 })
  await writeFile(join(electronDist, 'version'), version)
  for (const name of ['LICENSE', 'LICENSES.chromium.html']) {
    await writeFile(join(electronDist, name), '')
  }
  await build({
    projectDir: projectRoot,
    targets: Platform.LINUX.createTarget('dir'),
    publish: 'never',
    config: {
      extends: join(projectRoot, 'electron-builder.yml'),
      electronDist,
      asar,
      directories: { output: join(folder, 'packed') },
    },
  })
  const packed = join(folder, 'packed', 'linux-unpacked')
  return { resources: join(packed, 'resources'), executable: join(packed, 'semblance') }
}
