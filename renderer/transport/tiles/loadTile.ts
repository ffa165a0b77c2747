/** Loads the grid's tiles, many with one request: one for each takes longer than to draw them all. */
import { tilesAddress } from '../imageAddress.js'
import { keepTile, keptTile } from './keptTiles.js'
import { readTiles } from './readTiles.js'

/** Takes the address of a tile's picture; null if there is none to be had. */
export type ShowTile = (source: string | null) => void

interface WantedTile {
  readonly library: string
  readonly photo: number
  readonly inSight: boolean
  readonly show: ShowTile
  /** Nobody waits for it any more. */
  done: boolean
}

const tilesPerRequest = 16
const requestsAtOnce = 3
/** After the connection was lost. */
const retryMs = 1_000

/** Those ahead wait until those in sight are there, and this long for them to be painted, … */
const paintMs = 80
/** … but no longer than this for one that takes its time. */
const slowMs = 1_000

/** In the order in which they were asked for. */
let waiting: readonly WantedTile[] = []
const underWay = new Map<AbortController, readonly WantedTile[]>()
/** Those in sight that are waited for. */
let open = 0
/** Until then none is asked for that is ahead; by the page's clock. */
let holdUntil = 0
let scheduled = false
let timer: ReturnType<typeof setTimeout> | undefined

/**
 * Shows a tile as soon as it is there, at once if it is kept.
 *
 * @param library the library's uid
 * @param inSight whether it goes before those that are not
 * @returns takes the wish back
 */
export function loadTile(
  library: string,
  photo: number,
  inSight: boolean,
  show: ShowTile,
): () => void {
  const source = keptTile(keyOf(library, photo))
  if (source !== undefined) {
    show(source)
    return () => {}
  }
  const tile: WantedTile = { library, photo, inSight, show, done: false }
  if (inSight) {
    open++
    holdUntil = performance.now() + slowMs
  }
  waiting = [...waiting, tile]
  schedule()
  return () => {
    finish(tile)
    abortUnwanted()
  }
}

/** Tiles that are drawn together ask one after the other. */
function schedule(): void {
  if (scheduled) return
  scheduled = true
  queueMicrotask(() => {
    scheduled = false
    // One look at the clock for both: what is held back now must be called again.
    const holdMs = holdUntil - performance.now()
    while (underWay.size < requestsAtOnce) {
      const tiles = takeBatch(holdMs > 0)
      if (tiles.length === 0) break
      void request(tiles)
    }
    clearTimeout(timer)
    if (waiting.length > 0 && holdMs > 0) timer = setTimeout(schedule, Math.ceil(holdMs))
  })
}

/** The next ones that are still wanted, all of one library. */
function takeBatch(held: boolean): readonly WantedTile[] {
  waiting = waiting.filter((tile) => !tile.done)
  const inSight = waiting.filter((tile) => tile.inSight)
  const next = inSight.length > 0 || held ? inSight : waiting
  const batch = next.filter(({ library }) => library === next[0]?.library).slice(0, tilesPerRequest)
  const taken = new Set(batch)
  waiting = waiting.filter((tile) => !taken.has(tile))
  return batch
}

async function request(tiles: readonly WantedTile[]): Promise<void> {
  const controller = new AbortController()
  underWay.set(controller, tiles)
  try {
    await receive(tiles, controller.signal)
  } catch {
    setTimeout(() => {
      waiting = [...waiting, ...tiles]
      schedule()
    }, retryMs)
  } finally {
    underWay.delete(controller)
    schedule()
  }
}

/** @throws if the connection is lost before all has come */
async function receive(tiles: readonly WantedTile[], signal: AbortSignal): Promise<void> {
  const { library } = tiles[0]!
  const photos = tiles.map(({ photo }) => photo)
  const response = await fetch(tilesAddress(library, photos), { signal })
  if (response.ok && response.body) {
    for await (const { photo, source } of readTiles(response.body)) {
      if (source !== null) keepTile(keyOf(library, photo), source)
      for (const tile of tiles) if (tile.photo === photo) show(tile, source)
    }
  }
  for (const tile of tiles) show(tile, null)
}

function show(tile: WantedTile, source: string | null): void {
  if (!tile.done) tile.show(source)
  finish(tile)
}

function finish(tile: WantedTile): void {
  if (tile.done) return
  tile.done = true
  if (!tile.inSight) return
  open--
  if (open === 0) {
    holdUntil = performance.now() + paintMs
    schedule()
  }
}

/** What was scrolled past is not waited for. */
function abortUnwanted(): void {
  for (const [controller, tiles] of underWay) {
    if (tiles.every((tile) => tile.done)) controller.abort()
  }
}

function keyOf(library: string, photo: number): string {
  return `${library}/${photo}`
}
