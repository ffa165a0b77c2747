/** Loads the grid's tiles, many with one request: one for each takes longer than to draw them all. */
import { tilesAddress } from '../imageAddress.js'
import { keepTile, keptTile } from './keptTiles.js'
import { readTiles } from './readTiles.js'

/** Takes the address of a tile's picture; null if there is none to be had. */
export type ShowTile = (source: string | null) => void

interface WantedTile {
  readonly library: string
  readonly photo: number
  readonly show: ShowTile
  /** Nobody waits for it any more. */
  done: boolean
}

const tilesPerRequest = 16
const requestsAtOnce = 3
/** After the connection was lost. */
const retryMs = 1_000

/** Those in sight and those ahead, each in the order in which they were asked for. */
const waiting: { inSight: WantedTile[]; ahead: WantedTile[] } = { inSight: [], ahead: [] }
const underWay = new Map<AbortController, readonly WantedTile[]>()
let scheduled = false

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
  const tile: WantedTile = { library, photo, show, done: false }
  waiting[inSight ? 'inSight' : 'ahead'].push(tile)
  schedule()
  return () => {
    tile.done = true
    abortUnwanted()
  }
}

/** Tiles that are drawn together ask one after the other. */
function schedule(): void {
  if (scheduled) return
  scheduled = true
  queueMicrotask(() => {
    scheduled = false
    while (underWay.size < requestsAtOnce) {
      const tiles = takeBatch()
      if (tiles.length === 0) return
      void request(tiles)
    }
  })
}

/** The next ones that are still wanted, all of one library. */
function takeBatch(): WantedTile[] {
  waiting.inSight = waiting.inSight.filter((tile) => !tile.done)
  waiting.ahead = waiting.ahead.filter((tile) => !tile.done)
  const inOrder = [...waiting.inSight, ...waiting.ahead]
  const batch = inOrder
    .filter(({ library }) => library === inOrder[0]?.library)
    .slice(0, tilesPerRequest)
  const taken = new Set(batch)
  waiting.inSight = waiting.inSight.filter((tile) => !taken.has(tile))
  waiting.ahead = waiting.ahead.filter((tile) => !taken.has(tile))
  return batch
}

async function request(tiles: readonly WantedTile[]): Promise<void> {
  const controller = new AbortController()
  underWay.set(controller, tiles)
  try {
    await receive(tiles, controller.signal)
  } catch {
    setTimeout(() => {
      waiting.ahead.push(...tiles)
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
      for (const tile of tiles) if (tile.photo === photo) finish(tile, source)
    }
  }
  for (const tile of tiles) finish(tile, null)
}

function finish(tile: WantedTile, source: string | null): void {
  if (!tile.done) tile.show(source)
  tile.done = true
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
