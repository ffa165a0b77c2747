/** Scrolling through more pixels than a browser can lay out, and which rows are in sight. */
import {
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { flushSync } from 'react-dom'
import { rowBelow } from './layout/findRow.js'
import type { RowLayout } from './layout/rowLayout.js'
import { placeCanvas, shiftFor } from './scrollSpace.js'

export interface RowRange {
  readonly first: number
  readonly end: number
}

export interface GridScroll {
  /** Rows that are drawn. */
  readonly range: RowRange
  /** What was in sight, within the layout, when these rows were drawn. */
  readonly sight: { readonly top: number; readonly bottom: number }
  /** Where the canvas begins within the layout, and how high it is. */
  readonly shift: number
  readonly canvasHeight: number
  /** Where the window stands in the layout now. */
  top(): number
  scrollTo(top: number): void
  /** Tells of every move, before it is drawn. */
  onMove(listener: () => void): () => void
  /** Milliseconds after which pictures are asked for: while one rushes past, none is. */
  patience(): number
}

interface Place {
  readonly top: number
  readonly shift: number
  /** Counts the moves that the scroller has to be told of. */
  readonly jump: number
  readonly down: boolean
}

/** Rows ahead are drawn, so that their pictures are there before they come into sight. */
const aheadPixels = 1_600
const behindPixels = 600
/** A new grid draws what is in sight alone for so long, unless it is scrolled: that is waited for. */
const firstSightMs = 1_000
/** After a leap of more than what is in sight another one is likely for so long. */
const rushMs = 150
const patienceMs = 60

/** `moved`: where a place in the layout before is in this one. */
export function useGridScroll(
  scroller: RefObject<HTMLElement | null>,
  layout: RowLayout,
  visible: number,
  moved: (before: RowLayout, top: number) => number,
): GridScroll {
  const [place, setPlace] = useState<Place>({ top: 0, shift: 0, jump: 0, down: true })
  const [laidOut, setLaidOut] = useState(layout)
  const listeners = useRef(new Set<() => void>())
  const rushed = useRef(Number.NEGATIVE_INFINITY)
  const latest = useRef({ top: 0, layout, visible, place, range: { first: 0, end: 0 } })
  const space = placeCanvas(layout.height)

  if (laidOut !== layout) {
    // Before anything is drawn: pictures of another place must not be asked for.
    const top = clampTop(moved(laidOut, latest.current.top), layout, visible)
    setLaidOut(layout)
    setPlace({ ...place, top, shift: shiftFor(space, top, visible, 0), jump: place.jump + 1 })
  }
  const [begun, setBegun] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setBegun(true), firstSightMs)
    return () => clearTimeout(timer)
  }, [])
  const range = begun
    ? rowsAround(layout, place.top, visible, place.down)
    : rowsWithin(layout, place.top, place.top + visible)

  useLayoutEffect(() => {
    latest.current = { ...latest.current, layout, visible, place, range }
  })
  const { jump } = place
  // biome-ignore lint/correctness/useExhaustiveDependencies: only jumps move the scroller
  useLayoutEffect(() => {
    latest.current.top = place.top
    if (scroller.current) scroller.current.scrollTop = place.top - place.shift
    for (const listener of listeners.current) listener()
  }, [jump])

  const scrollTo = useCallback((to: number) => {
    const now = latest.current
    const top = clampTop(to, now.layout, now.visible)
    if (Math.abs(top - now.top) > now.visible) rushed.current = performance.now()
    setPlace(({ shift, jump: before }) => ({
      top,
      shift: shiftFor(placeCanvas(now.layout.height), top, now.visible, shift),
      jump: before + 1,
      down: top >= now.top,
    }))
  }, [])

  useEffect(() => {
    const element = scroller.current
    const follow = () => {
      const now = latest.current
      const top = element!.scrollTop + now.place.shift
      if (top === now.top) return
      const down = top > now.top
      now.top = top
      for (const listener of listeners.current) listener()
      const shift = shiftFor(placeCanvas(now.layout.height), top, now.visible, now.place.shift)
      const jump = now.place.jump + (shift === now.place.shift ? 0 : 1)
      if (jump === now.place.jump && hasRange(now.range, now.layout, top, now.visible)) return
      // In this frame, or a fast wheel would show what is not there yet.
      flushSync(() => {
        setBegun(true)
        setPlace({ top, shift, jump, down })
      })
    }
    element?.addEventListener('scroll', follow, { passive: true })
    return () => element?.removeEventListener('scroll', follow)
  }, [scroller])

  const top = useCallback(() => latest.current.top, [])
  const onMove = useCallback((listener: () => void) => {
    listeners.current.add(listener)
    return () => listeners.current.delete(listener)
  }, [])
  const patience = useCallback(
    () => (performance.now() - rushed.current < rushMs ? patienceMs : 0),
    [],
  )
  const { first, end } = range
  return useMemo(
    () => ({
      range: { first, end },
      sight: { top: place.top, bottom: place.top + visible },
      shift: place.shift,
      canvasHeight: space.canvas,
      top,
      scrollTo,
      onMove,
      patience,
    }),
    [first, end, place.top, visible, place.shift, space.canvas, top, scrollTo, onMove, patience],
  )
}

function rowsAround(layout: RowLayout, top: number, visible: number, down: boolean): RowRange {
  const [above, below] = down ? [behindPixels, aheadPixels] : [aheadPixels, behindPixels]
  return rowsWithin(layout, top - above, top + visible + below)
}

function rowsWithin(layout: RowLayout, top: number, bottom: number): RowRange {
  return { first: rowBelow(layout, top), end: Math.min(layout.rows, rowBelow(layout, bottom) + 1) }
}

/** Whether at least half of what is drawn ahead is still there: rows are not drawn at each step. */
function hasRange(range: RowRange, layout: RowLayout, top: number, visible: number): boolean {
  const least = aheadPixels / 2
  const { first, end } = rowsWithin(layout, top - behindPixels / 2, top + visible + least)
  return first >= range.first && end <= range.end
}

function clampTop(top: number, layout: RowLayout, visible: number): number {
  return Math.round(Math.max(0, Math.min(top, placeCanvas(layout.height).total - visible)))
}
