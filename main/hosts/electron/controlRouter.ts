/** Answers the main process from the engine. */
import { implement } from '@orpc/server'
import type { Engine } from '../../engine/createEngine.js'
import { toContractError } from '../../engine/router.js'
import { sharp } from '../../platform/images/imageLibrary.js'
import { mapBounded } from '../../platform/mapBounded.js'
import { control } from './control.js'

/** Pixels of the picture that follows the pointer. */
const dragIconSize = 128
const lookupsAtOnce = 8

export interface ControlOptions {
  readonly engine: Engine
  readonly onDefect: (id: string, error: unknown) => void
}

export function createControlRouter({ engine, onDefect }: ControlOptions) {
  const root = implement(control).use(async ({ next }) => {
    try {
      return await next()
    } catch (error) {
      throw toContractError(error, onDefect)
    }
  })
  return root.router({
    start: root.start.handler(() => engine.start()),
    findImage: root.findImage.handler(({ input: { library, photo, variant } }) =>
      engine.images.find(library, photo, variant),
    ),
    tilesAtHand: root.tilesAtHand.handler(({ input: { library, photos } }) =>
      engine.images.tilesAtHand(library, photos),
    ),
    findPicture: root.findPicture.handler(({ input }) => engine.images.findPicture(input)),
    addPicture: root.addPicture.handler(async ({ input }) =>
      engine.images.addPicture(new Uint8Array(await input.arrayBuffer())),
    ),
    grant: root.grant.handler(({ input }) => input.map((path) => engine.handles.grant(path))),
    filesOf: root.filesOf.handler(({ input }) => filesOf(engine, input)),
    dragIcon: root.dragIcon.handler(({ input }) => drawDragIcon(engine, input)),
    themes: root.themes.handler(({ signal }) => followTheme(engine, signal)),
    dispose: root.dispose.handler(() => engine.dispose()),
  })
}

async function filesOf(engine: Engine, photos: readonly number[]): Promise<string[]> {
  const found = await mapBounded(photos, lookupsAtOnce, async (id) => {
    const { files } = await engine.client.photos.get({ id })
    return files.find((file) => file.state === 'present' && !file.offline)?.path
  })
  return found.filter((path) => path !== undefined)
}

async function drawDragIcon(engine: Engine, photo: number): Promise<string | null> {
  const { uid } = await engine.client.library.status()
  const tile = await engine.images.find(uid, photo, 'tile').catch(() => null)
  if (tile === null) return null
  const picture = sharp(tile.path).resize(dragIconSize, dragIconSize, { fit: 'inside' })
  return `data:image/png;base64,${(await picture.png().toBuffer()).toString('base64')}`
}

/** The stream of events begins with the jobs, and from then on misses no change. */
async function* followTheme(engine: Engine, signal: AbortSignal | undefined) {
  const options = signal ? { signal } : {}
  for await (const event of await engine.client.events.subscribe(undefined, options)) {
    if (event.type === 'jobs') yield (await engine.client.settings.get()).theme
    if (event.type === 'settings') yield event.settings.theme
  }
}
