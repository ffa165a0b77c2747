/** What runs in the app's page while it is measured. */

/** What scrolling was like. */
export interface ScrollReport {
  readonly framesPerSecond: number
  /** 95 of 100 frames came no later than this after the one before. */
  readonly p95FrameMs: number
  readonly longestFrameMs: number
  /** The longest time for which a tile was in sight without its picture. */
  readonly longestBlankMs: number
  /** The same of photos that came lately, whose tiles may have to be drawn first. */
  readonly longestBlankNewMs: number
  /** Tiles that were in sight at some time. */
  readonly tiles: number
  /** How far it went. */
  readonly pixels: number
}

/** A picture that was in sight, in pixels of what is scrolled. */
export interface PlacedPicture {
  readonly source: string
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export interface PageWatch {
  /** Resolves once each tile in sight shows its picture, to the page's clock then. */
  filled(): Promise<number>
  /** Remembers what is in sight when Enter is pressed next, and when that is. */
  expectSearch(): void
  /** Resolves once the search shows another list, with pictures: milliseconds since Enter. */
  searched(): Promise<number>
  /**
   * Tells of the next `durationMs`, in which the grid is scrolled from outside.
   *
   * @param known the last id of the photos that did not come lately
   */
  watchScroll(durationMs: number, known: number): Promise<ScrollReport>
  /** The pictures that were in sight while it was watched last. */
  seenPictures(): PlacedPicture[]
  /** Jumps to a place, as a share of the height; resolves to milliseconds until it is filled. */
  leap(place: number): Promise<number>
}

declare global {
  interface Window {
    benchWatch: PageWatch
  }
}

/** Sent to the page as its source, before the page's own code: it refers to nothing outside. */
export function installPageWatch(): void {
  const largestHeading = 120
  const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))

  const scroller = () => document.querySelector<HTMLElement>('[role="grid"]')

  function tilesInSight(): HTMLElement[] {
    const frame = scroller()?.getBoundingClientRect()
    if (frame === undefined) return []
    return [...document.querySelectorAll<HTMLElement>('[role="grid"] [data-photo]')].filter(
      (tile) => {
        const { top, bottom } = tile.getBoundingClientRect()
        return bottom > frame.top + 1 && top < frame.bottom - 1
      },
    )
  }

  const idOf = (tile: HTMLElement) => tile.dataset['photo'] ?? ''
  const imageOf = (tile: HTMLElement) => tile.querySelector('img')
  const isFilled = (tile: HTMLElement) => {
    const image = imageOf(tile)
    return image?.complete === true && image.naturalWidth > 0
  }

  /** Whether rows are missing below: more than a heading is. */
  const isUncovered = (tiles: HTMLElement[]) => {
    const lowest = Math.max(...tiles.map((tile) => tile.getBoundingClientRect().bottom))
    return scroller()!.getBoundingClientRect().bottom - lowest > largestHeading
  }

  /** Resolves once `holds` of the tiles in sight, of which there are some, and they are painted. */
  async function settled(holds: (tiles: HTMLElement[]) => boolean): Promise<number> {
    for (;;) {
      await nextFrame()
      const tiles = tilesInSight()
      if (tiles.length === 0 || !holds(tiles)) continue
      await Promise.all(
        tiles.map((tile) =>
          imageOf(tile)
            ?.decode()
            .catch(() => {}),
        ),
      )
      // The first frame draws them, the second begins after that.
      await nextFrame()
      await nextFrame()
      return performance.now()
    }
  }

  const listOf = (tiles: HTMLElement[]) => tiles.map(idOf).join() + scroller()?.ariaLabel
  let before = ''
  let enteredAt = 0
  const pictures = new Map<string, PlacedPicture>()

  function notePicture(tile: HTMLElement): void {
    const [id, image, element] = [idOf(tile), imageOf(tile), scroller()!]
    if (image === null || pictures.has(id)) return
    const { left, top, width, height } = tile.getBoundingClientRect()
    const place = { left, top: top + element.scrollTop, width, height }
    pictures.set(id, { source: image.src, ...place })
  }

  addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Enter') enteredAt = performance.now()
    },
    { capture: true },
  )

  function percentile(values: number[], share: number): number {
    values.sort((a, b) => a - b)
    return values[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0
  }

  window.benchWatch = {
    filled: () => settled((tiles) => tiles.every(isFilled)),

    expectSearch() {
      before = listOf(tilesInSight())
      enteredAt = 0
    },

    async searched() {
      const shownAt = await settled(
        (tiles) => enteredAt > 0 && listOf(tiles) !== before && tiles.every(isFilled),
      )
      return shownAt - enteredAt
    },

    async watchScroll(durationMs, known) {
      const frames: number[] = []
      const blankSince = new Map<string, number>()
      const seen = new Set<string>()
      pictures.clear()
      const startedAt = await nextFrame()
      const startedAtTop = scroller()!.scrollTop
      let [last, longestBlankMs, longestBlankNewMs] = [startedAt, 0, 0]
      while (last - startedAt < durationMs) {
        const now = await nextFrame()
        frames.push(now - last)
        const tiles = tilesInSight()
        const blank = new Set(tiles.filter((tile) => !isFilled(tile)).map(idOf))
        if (isUncovered(tiles)) blank.add('rows')
        for (const [id, since] of blankSince) {
          if (Number(id) > known) longestBlankNewMs = Math.max(longestBlankNewMs, now - since)
          else longestBlankMs = Math.max(longestBlankMs, now - since)
          if (!blank.has(id)) blankSince.delete(id)
        }
        for (const id of blank) if (!blankSince.has(id)) blankSince.set(id, now)
        for (const tile of tiles) {
          seen.add(idOf(tile))
          notePicture(tile)
        }
        last = now
      }
      return {
        framesPerSecond: (1000 * frames.length) / (last - startedAt),
        longestFrameMs: Math.max(...frames),
        p95FrameMs: percentile(frames, 0.95),
        longestBlankMs,
        longestBlankNewMs,
        tiles: seen.size,
        pixels: scroller()!.scrollTop - startedAtTop,
      }
    },

    seenPictures: () => [...pictures.values()],

    async leap(place) {
      const element = scroller()!
      element.scrollTop = place * element.scrollHeight
      const startedAt = performance.now()
      await nextFrame()
      return (await this.filled()) - startedAt
    },
  }
}
