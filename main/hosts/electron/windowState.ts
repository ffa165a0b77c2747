/** Where the window stood, so that it stands there again. */
import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { settingsSchema } from '../../../shared/domain/settings.js'
import { writeFileAtomically } from '../../platform/atomicFiles.js'

export const minimumSize = { width: 900, height: 600 }

const stateSchema = z.object({
  /** Of the window when it is not maximized; null lets the system choose a place. */
  bounds: z
    .object({
      x: z.number().int(),
      y: z.number().int(),
      width: z.number().int().positive(),
      height: z.number().int().positive(),
    })
    .nullable(),
  maximized: z.boolean(),
  /** The one that was set last: the first frame is drawn before the engine can tell. */
  theme: settingsSchema.shape.theme,
})
export type WindowState = z.infer<typeof stateSchema>
export type Bounds = NonNullable<WindowState['bounds']>

const firstState: WindowState = { bounds: null, maximized: false, theme: 'system' }

export interface WindowStateFile {
  readonly current: WindowState
  /** Changes a part and saves it in the background. */
  change(part: Partial<WindowState>): void
  /** Settles when all is saved. */
  saved(): Promise<void>
}

/** The state that was saved; that of a first start if there is none or it cannot be read. */
export async function openWindowState(path: string): Promise<WindowStateFile> {
  let current = await readState(path)
  let saving = Promise.resolve()
  const save = async () => {
    await mkdir(dirname(path), { recursive: true })
    await writeFileAtomically(path, `${JSON.stringify(current, null, 2)}\n`)
  }
  return {
    get current() {
      return current
    },
    change(part) {
      current = { ...current, ...part }
      // Where a window stood is not worth an interruption.
      saving = saving.then(save).catch((error: unknown) => console.error(error))
    },
    saved: () => saving,
  }
}

async function readState(path: string): Promise<WindowState> {
  try {
    return stateSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return firstState
  }
}

/**
 * Bounds that can be seen and grasped on the displays there are now; null if they cannot, as when
 * the display they were on has been taken away.
 *
 * @param workAreas of the displays: without bars and docks
 */
export function visibleBounds(bounds: Bounds | null, workAreas: readonly Bounds[]): Bounds | null {
  if (bounds === null) return null
  const overlaps = workAreas.map((area) => overlap(bounds, area))
  const most = Math.max(...overlaps)
  if (most < graspablePixels) return null
  const area = workAreas[overlaps.indexOf(most)]!
  return {
    ...bounds,
    width: Math.max(minimumSize.width, Math.min(bounds.width, area.width)),
    height: Math.max(minimumSize.height, Math.min(bounds.height, area.height)),
  }
}

/** As much of the window as a hand needs to pull it into view. */
const graspablePixels = 200 * 100

function overlap(a: Bounds, b: Bounds): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.max(0, width) * Math.max(0, height)
}
