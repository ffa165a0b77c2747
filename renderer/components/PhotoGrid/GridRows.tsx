/** The rows of a grid that are drawn, each under the heading of its section. */
// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be laid out in justified rows, nor hold only what is in sight
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names the active cell
import { Fragment, memo, type ReactNode } from 'react'
import type { PhotoSummary } from '../../../shared/domain/photo.js'
import { formatMonth } from '../../text/format.js'
import { imageAddress } from '../../transport/imageAddress.js'
import type { PhotoList } from '../photoColumns.js'
import type { PlacedSection, RowLayout } from './layout/rowLayout.js'
import styles from './PhotoGrid.module.css'
import { Tile } from './Tile.js'
import type { GridScroll } from './useGridScroll.js'

export interface GridRowsProps {
  readonly list: PhotoList
  readonly library: string
  readonly layout: RowLayout
  readonly scroll: GridScroll
  readonly focused: number | null
  readonly summaries: ReadonlyMap<number, PhotoSummary>
  readonly overlay: ((id: number, focused: boolean) => ReactNode) | undefined
  readonly breakLabel: ReactNode
}

export const GridRows = memo(function GridRows(props: GridRowsProps) {
  const { layout, scroll } = props
  const { first, end } = scroll.range
  return layout.sections.flatMap((section, number) => {
    if (section.endRow <= first || section.firstRow >= end) return []
    const from = Math.max(first, section.firstRow)
    const rows = Array.from({ length: Math.min(end, section.endRow) - from }, (_, i) => from + i)
    return (
      <Fragment key={section.first}>
        <Heading {...props} section={section} rowIndex={section.firstRow + number + 1} />
        {rows.map((row) => (
          // The headings before it are rows too.
          <Row key={row} {...props} row={row} rowIndex={row + number + 2} />
        ))}
      </Fragment>
    )
  })
})

interface HeadingProps extends GridRowsProps {
  readonly section: PlacedSection
  readonly rowIndex: number
}

/** Stays in sight as long as its section does: it sticks within a track of the section's height. */
function Heading({ section, list, scroll, breakLabel, rowIndex }: HeadingProps) {
  if (section.kind === 'plain') return null
  const top = Math.max(0, section.top - scroll.shift)
  const bottom = Math.min(scroll.canvasHeight, section.bottom - scroll.shift)
  return (
    <div className={styles.track} style={{ top, height: bottom - top }}>
      <div role="row" aria-rowindex={rowIndex} className={styles[section.kind]}>
        <span role="rowheader">
          {section.kind === 'month' ? formatMonth(list.days[section.first]! | 0) : breakLabel}
        </span>
      </div>
    </div>
  )
}

interface RowProps extends GridRowsProps {
  readonly row: number
  readonly rowIndex: number
}

/** Above this, in pixels of the screen, a tile's picture would be blurred. */
const sharpTileHeight = 400

function Row({ row, rowIndex, layout, list, library, scroll, ...rest }: RowProps) {
  const [first, end] = [layout.firstPhotos[row]!, layout.firstPhotos[row + 1]!]
  const height = layout.heights[row]!
  const large = height * window.devicePixelRatio > sharpTileHeight
  const top = layout.tops[row]!
  const inSight = top < scroll.sight.bottom && top + height > scroll.sight.top
  return (
    <div
      role="row"
      aria-rowindex={rowIndex}
      className={styles.row}
      style={{ top: top - scroll.shift, height }}
    >
      {Array.from(list.ids.subarray(first, end), (id, column) => (
        <Tile
          key={id}
          photoId={id}
          library={library}
          large={large ? imageAddress(library, id, 'preview') : null}
          left={layout.lefts[first + column]!}
          width={layout.widths[first + column]!}
          column={column + 1}
          focused={rest.focused === first + column}
          summary={rest.summaries.get(id)}
          inSight={inSight}
          patience={scroll.patience}
          overlay={rest.overlay?.(id, rest.focused === first + column)}
        />
      ))}
    </div>
  )
}
