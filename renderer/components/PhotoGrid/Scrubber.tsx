/** A rail of years: where in the grid one is, and the way to anywhere else in it. */
import { memo, useMemo, useState, useSyncExternalStore } from 'react'
import { useMeasuredSize } from '../useMeasuredSize.js'
import { sectionAt } from './layout/findRow.js'
import type { RowLayout } from './layout/rowLayout.js'
import styles from './Scrubber.module.css'
import { scrubberTarget } from './scrubberKeys.js'
import { ticksOf } from './ticks.js'
import type { GridScroll } from './useGridScroll.js'

export interface ScrubberProps {
  readonly layout: RowLayout
  readonly days: Uint32Array
  readonly scroll: GridScroll
  /** Pixels of the grid that are in sight. */
  readonly visible: number
  readonly label: string
  /** What stands at a place of the layout. */
  readonly labelAt: (top: number) => string
}

export function Scrubber({ layout, days, scroll, visible, label, labelAt }: ScrubberProps) {
  const { ref, height: rail } = useMeasuredSize()
  const range = Math.max(1, layout.height - visible)
  // Drawn anew only when something else is seen: each change of the page waits for pictures that are
  // still being drawn, and a long library moves the thumb by a pixel in thousands.
  const thumb = useSyncExternalStore(scroll.onMove, () =>
    Math.round(rail * Math.min(1, Math.max(0, scroll.top() / range))),
  )
  const current = useSyncExternalStore(scroll.onMove, () => labelAt(scroll.top()))
  const [pointer, setPointer] = useState<number | null>(null)
  const [dragging, setDragging] = useState(false)
  const shareAt = (event: React.PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    return Math.min(1, Math.max(0, (event.clientY - box.top) / box.height))
  }
  const followed = dragging || pointer === null
  return (
    <div className={styles.margin} data-idle={layout.height <= visible || undefined}>
      <div
        ref={ref}
        className={styles.rail}
        role="slider"
        aria-label={label}
        aria-orientation="vertical"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={rail === 0 ? 0 : Math.round((100 * thumb) / rail)}
        aria-valuetext={current}
        tabIndex={0}
        data-shown={dragging || pointer !== null || undefined}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          setDragging(true)
          scroll.scrollTo(shareAt(event) * range)
        }}
        onPointerMove={(event) => {
          setPointer(shareAt(event))
          if (dragging) scroll.scrollTo(shareAt(event) * range)
        }}
        onPointerUp={() => setDragging(false)}
        onPointerCancel={() => setDragging(false)}
        onPointerLeave={() => setPointer(null)}
        onKeyDown={(event) => {
          const target = scrubberTarget(event.key, layout, scroll.top(), visible)
          if (target === null) return
          event.preventDefault()
          scroll.scrollTo(target)
        }}
      >
        <Ticks layout={layout} days={days} range={range} rail={rail} />
        <span className={styles.thumb} style={{ translate: `0 ${thumb}px` }} />
        <span
          className={styles.bubble}
          style={{ translate: `0 ${followed ? thumb : pointer * rail}px` }}
          aria-hidden
        >
          {followed ? current : labelAt(pointer * range)}
        </span>
      </div>
    </div>
  )
}

interface TicksProps {
  readonly layout: RowLayout
  readonly days: Uint32Array
  readonly range: number
  readonly rail: number
}

const Ticks = memo(function Ticks({ layout, days, range, rail }: TicksProps) {
  const ticks = useMemo(() => ticksOf(layout, days, range, rail), [layout, days, range, rail])
  return ticks.map(({ at, label }) => (
    <span key={at} className={label === null ? styles.dot : styles.tick} style={{ top: at }}>
      {label}
    </span>
  ))
})

/** The day at a place of the layout, for headings and bubbles; null in an empty one. */
export function dayAt(layout: RowLayout, days: Uint32Array, top: number): number | null {
  const section = sectionAt(layout, top)
  return section ? days[section.first]! | 0 : null
}
