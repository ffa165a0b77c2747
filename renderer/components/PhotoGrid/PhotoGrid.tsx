/** Photos in justified rows, of which only those in sight exist. */
import { useElementSize, useMergedRef } from '@mantine/hooks'
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useSelection } from '../../features/selection/selection.js'
import { formatMonth } from '../../text/format.js'
import { text } from '../../text/text.js'
import { imageAddress } from '../imageAddress.js'
import type { PhotoList } from '../photoColumns.js'
import { keyTarget } from './keyTarget.js'
import { layOut, rowAt, rowOf } from './layout.js'
import styles from './PhotoGrid.module.css'
import { Scrubber } from './Scrubber.js'
import { Tile } from './Tile.js'
import { useSummaries } from './useSummaries.js'

export interface PhotoGridProps {
  readonly list: PhotoList
  /** The library's uid. */
  readonly library: string
  readonly grouping: 'month' | 'none'
  readonly rowHeight: number
  readonly label: string
  readonly onOpen: (id: number) => void
  /** Keys that the grid itself has no use for, with the photo in focus. */
  readonly onKey?: (key: string, id: number) => void
  readonly overlay?: (id: number) => ReactNode
  /** The photo before which `breakLabel` is shown across the grid; null for none. */
  readonly breakBefore?: number | null
  readonly breakLabel?: ReactNode
}

const gap = 4
const headingHeight = 52
/** Rows beyond the edge are drawn ahead, so that no tile is blank when it comes into sight. */
const aheadPixels = 1_200

export function PhotoGrid(props: PhotoGridProps) {
  const { list, library, grouping, rowHeight, breakBefore = null } = props
  const { ref: sizeRef, width, height } = useElementSize<HTMLDivElement>()
  const scroller = useRef<HTMLDivElement>(null)
  const ref = useMergedRef(sizeRef, scroller)
  const [scrollTop, setScrollTop] = useState(0)
  const [focus, setFocus] = useState(-1)
  const selection = useSelection()

  const groups = useMemo(() => groupsOf(list, grouping, breakBefore), [list, grouping, breakBefore])
  const layout = useMemo(
    () =>
      layOut({
        ratios: list.ratios,
        groups: groups.map(({ start }) => start),
        width: Math.max(0, width - 32),
        rowHeight,
        gap,
        headingHeight,
      }),
    [list, groups, width, rowHeight],
  )

  useEffect(() => {
    const frame = requestAnimationFrame(() => setScrollTop(scroller.current?.scrollTop ?? 0))
    return () => cancelAnimationFrame(frame)
  })

  const first = rowAt(layout, scrollTop - aheadPixels)
  const last = rowAt(layout, scrollTop + height + aheadPixels)
  const rows = layout.rows.slice(first, last + 1)
  const from = rows[0]?.start ?? 0
  const to = rows.at(-1)?.end ?? 0
  const summaries = useSummaries([...list.ids.subarray(from, to)])

  const reveal = useCallback(
    (index: number) => {
      const row = layout.rows[rowOf(layout, index)]
      const element = scroller.current
      if (!row || !element) return
      const top = row.top - headingHeight
      const bottom = row.top + row.height + 16
      if (top < element.scrollTop) element.scrollTop = top
      else if (bottom > element.scrollTop + element.clientHeight) {
        element.scrollTop = bottom - element.clientHeight
      }
    },
    [layout],
  )

  const select = (index: number, range: boolean) => {
    setFocus(index)
    const id = list.ids[index]!
    const anchor = range && selection.anchor !== null ? list.ids.indexOf(selection.anchor) : -1
    if (anchor < 0) {
      selection.toggle(id)
      return
    }
    selection.extend(list.ids.subarray(Math.min(anchor, index), Math.max(anchor, index) + 1))
  }

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.target !== event.currentTarget) return
    const { key, shiftKey } = event
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === 'a') {
      event.preventDefault()
      selection.set(list.ids)
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const target = keyTarget(key, layout, Math.max(0, focus), height)
    if (target !== null && list.ids.length > 0) {
      event.preventDefault()
      const next = focus < 0 ? 0 : target
      if (shiftKey) {
        if (selection.anchor === null && focus >= 0) select(focus, false)
        select(next, true)
      }
      setFocus(next)
      reveal(next)
      return
    }
    if (key === 'Escape') selection.clear()
    if (focus < 0) return
    if (key === 'Enter' || key === ' ') {
      event.preventDefault()
      props.onOpen(list.ids[focus]!)
    } else if (key === 'x') select(focus, false)
    else props.onKey?.(key, list.ids[focus]!)
  }

  const heading = groups.findLast((_, index) => layout.headingTops[index]! <= scrollTop + 8)
  return (
    <div className={styles.frame}>
      <div
        ref={ref}
        className={styles.scroller}
        role="listbox"
        aria-label={props.label}
        aria-multiselectable
        aria-activedescendant={focus >= 0 ? `photo-${list.ids[focus]}` : undefined}
        tabIndex={0}
        onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
        onKeyDown={onKeyDown}
        onFocus={() => setFocus((current) => (current < 0 && list.ids.length > 0 ? from : current))}
      >
        <div className={styles.canvas} style={{ height: layout.height + 24 }} role="presentation">
          {groups.map(({ label, start }, index) => {
            const top = layout.headingTops[index]
            if (top === undefined || top < scrollTop - 100 || top > scrollTop + height + 100)
              return null
            return (
              <div key={start} className={styles.heading} style={{ top }} role="presentation">
                {label ?? props.breakLabel}
              </div>
            )
          })}
          {rows.map((row) =>
            Array.from({ length: row.end - row.start }, (_, offset) => {
              const index = row.start + offset
              const id = list.ids[index]!
              return (
                <Tile
                  key={id}
                  id={`photo-${id}`}
                  source={imageAddress(library, id, 'tile')}
                  left={layout.lefts[index]!}
                  top={row.top}
                  width={layout.widths[index]!}
                  height={row.height}
                  summary={summaries.get(id)}
                  selected={selection.ids.has(id)}
                  focused={focus === index}
                  selecting={selection.ids.size > 0}
                  overlay={props.overlay?.(id)}
                  onOpen={() => {
                    setFocus(index)
                    props.onOpen(id)
                  }}
                  onSelect={(range) => select(index, range)}
                />
              )
            }),
          )}
        </div>
      </div>
      {grouping === 'month' && heading?.label && scrollTop > 40 && (
        <div className={styles.sticky} aria-hidden>
          {heading.label}
        </div>
      )}
      {grouping === 'month' && groups.length > 2 && (
        <Scrubber
          groups={groups.map(({ label }, index) => ({
            label: label ?? '',
            top: layout.headingTops[index] ?? 0,
          }))}
          height={layout.height}
          position={scrollTop}
          visible={height}
          onMove={(top) => {
            if (scroller.current) scroller.current.scrollTop = top
          }}
          label={text.library.scrubber}
        />
      )}
    </div>
  )
}

interface Group {
  readonly start: number
  /** Null for the break of a list of results. */
  readonly label: string | null
}

function groupsOf(
  { days, ids }: PhotoList,
  grouping: 'month' | 'none',
  breakBefore: number | null,
): readonly Group[] {
  if (grouping === 'none') {
    if (breakBefore === null || breakBefore >= ids.length) return []
    const second = { start: breakBefore, label: null }
    return breakBefore === 0 ? [second] : [{ start: 0, label: '' }, second]
  }
  const groups: Group[] = []
  let shown = ''
  let seen = Number.NaN
  for (let i = 0; i < days.length; i++) {
    if (days[i] === seen) continue
    seen = days[i]!
    const label = formatMonth(seen | 0)
    if (label !== shown) groups.push({ start: i, label })
    shown = label
  }
  return groups
}
