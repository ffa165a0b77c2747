/** Photos in justified rows, of which only those in sight exist. */
// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be laid out in justified rows, nor hold only what is in sight
import { useMergedRef } from '@mantine/hooks'
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react'
import { useSelection } from '../../features/selection/selection.js'
import { formatMonth } from '../../text/format.js'
import { text } from '../../text/text.js'
import type { PhotoList } from '../photoColumns.js'
import { useMeasuredSize } from '../useMeasuredSize.js'
import { focusOn, type GridFocus } from './focus.js'
import { GridRows } from './GridRows.js'
import { keepPlace } from './keepPlace.js'
import { rowBelow, rowOf } from './layout/findRow.js'
import { layOutRows, type RowLayout } from './layout/rowLayout.js'
import { sectionsOf } from './layout/sections.js'
import styles from './PhotoGrid.module.css'
import { PhotoMenu } from './PhotoMenu.js'
import { dayAt, Scrubber } from './Scrubber.js'
import { tileId } from './Tile.js'
import { useGridKeys } from './useGridKeys.js'
import { useGridPointer } from './useGridPointer.js'
import { useGridScroll } from './useGridScroll.js'
import { useOpenedPhoto } from './useOpenedPhoto.js'
import { useSummaries } from './useSummaries.js'

/** Another order or another query is another grid: give it another key. */
export interface PhotoGridProps {
  readonly list: PhotoList
  /** The library's uid. */
  readonly library: string
  readonly grouping: 'month' | 'none'
  /** What rows' heights are near to in a window of usual width. */
  readonly rowHeight: number
  readonly label: string
  readonly onOpen: (id: number) => void
  /** Keys that the grid itself has no use for, with the photo in focus. */
  readonly onKey?: (key: string, id: number) => void
  readonly overlay?: (id: number, focused: boolean) => ReactNode
  /** The photo before which `breakLabel` is shown across the grid; null for none. */
  readonly breakBefore?: number | null
  readonly breakLabel?: ReactNode
}

const gap = 4
const headingHeights = { plain: 0, month: 44, break: 64 }
const canvasMargins = 20

export function PhotoGrid(props: PhotoGridProps) {
  const { list, grouping, breakBefore = null } = props
  const { ref: sizeRef, width, height } = useMeasuredSize()
  const scroller = useRef<HTMLDivElement>(null)
  const layout = useMemo(
    () =>
      layOutRows({
        ratios: list.ratios,
        // Before the width is known there are no rows: in a window without width, hundreds are in sight.
        sections: width === 0 ? [] : sectionsOf(list, grouping, breakBefore),
        width: width - canvasMargins,
        rowHeight: rowHeightFor(props.rowHeight, width),
        gap,
        headings: headingHeights,
      }),
    [list, grouping, breakBefore, width, props.rowHeight],
  )
  const { ids } = list
  const laidOutIds = useRef(ids)
  const moved = (before: RowLayout, top: number) => {
    const place = keepPlace(before, laidOutIds.current, layout, ids, top)
    laidOutIds.current = ids
    return place
  }
  const scroll = useGridScroll(scroller, layout, height, moved)
  const [focus, setFocus] = useState<GridFocus | null>(null)
  const selecting = useSelection((selection) => selection.ids.size > 0)

  const reveal = useCallback(
    (photo: number) => {
      const row = rowOf(layout, photo)
      const [top, bottom] = [layout.tops[row]!, layout.tops[row]! + layout.heights[row]!]
      const cover = grouping === 'month' ? headingHeights.month : 0
      if (top - cover < scroll.top()) scroll.scrollTo(top - cover)
      else if (bottom + gap > scroll.top() + height) scroll.scrollTo(bottom + gap - height)
    },
    [layout, scroll, height, grouping],
  )
  const focusPhoto = useCallback(
    (next: GridFocus) => {
      setFocus(next)
      reveal(next.photo)
    },
    [reveal],
  )
  useOpenedPhoto(ids, (photo) => focusPhoto(focusOn(layout, photo)))
  const { onOpen, onKey } = props
  const grid = { ids, layout, focus, visible: height, onOpen, onKey, onFocus: focusPhoto }
  const onKeyDown = useGridKeys(grid)
  const pointer = useGridPointer({ ...grid, onFocus: setFocus })

  const first = layout.firstPhotos[scroll.range.first] ?? 0
  const end = layout.firstPhotos[scroll.range.end] ?? 0
  const summaries = useSummaries(ids, first, end)
  const focused = focus && focus.photo < ids.length ? focus.photo : null
  const active = focused !== null && focused >= first && focused < end ? ids[focused] : undefined
  const labelAt = (top: number) => {
    const photo = Math.min(ids.length, (layout.firstPhotos[rowBelow(layout, top)] ?? 0) + 1)
    if (grouping === 'none') return text.library.position(photo, ids.length)
    const day = dayAt(layout, list.days, top)
    return day === null ? '' : formatMonth(day)
  }
  return (
    <div className={styles.frame}>
      <div
        ref={useMergedRef(sizeRef, scroller)}
        className={styles.scroller}
        role="grid"
        aria-label={props.label}
        aria-multiselectable
        aria-rowcount={layout.rows + layout.sections.length}
        aria-activedescendant={active === undefined ? undefined : tileId(active)}
        tabIndex={0}
        data-selecting={selecting || undefined}
        onKeyDown={onKeyDown}
        onFocus={() => {
          const row = rowBelow(layout, scroll.top() + headingHeights.month)
          if (focused === null && layout.rows > 0) {
            setFocus(focusOn(layout, layout.firstPhotos[row] ?? 0))
          }
        }}
        {...pointer.handlers}
      >
        <div className={styles.canvas} style={{ height: scroll.canvasHeight }}>
          <GridRows
            list={list}
            library={props.library}
            layout={layout}
            scroll={scroll}
            focused={focused}
            summaries={summaries}
            overlay={props.overlay}
            breakLabel={props.breakLabel}
          />
        </div>
      </div>
      <Scrubber
        layout={layout}
        days={list.days}
        scroll={scroll}
        visible={height}
        label={text.library.scrubber}
        labelAt={labelAt}
      />
      <PhotoMenu {...pointer.menu} onOpen={onOpen} />
    </div>
  )
}

/** Smaller windows have smaller photos, but not as much smaller as they are. */
function rowHeightFor(chosen: number, width: number): number {
  return chosen * Math.min(1.3, Math.max(0.75, Math.sqrt(width / 1_300)))
}
