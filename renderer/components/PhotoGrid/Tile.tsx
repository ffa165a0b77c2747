/** One photo of the grid. */
// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be laid out in justified rows, nor hold only what is in sight
import { CloudOff, ImageOff } from 'lucide-react'
import { memo, type ReactNode, useCallback, useState } from 'react'
import type { PhotoSummary } from '../../../shared/domain/photo.js'
import { useSelection } from '../../features/selection/selection.js'
import { text } from '../../text/text.js'
import { loadTile } from '../../transport/tiles/loadTile.js'
import { printableName } from '../printableName.js'
import styles from './Tile.module.css'

export interface TileProps {
  readonly photoId: number
  /** The library's uid. */
  readonly library: string
  /** The address of a larger picture than a tile, where a tile would be blurred. */
  readonly large: string | null
  readonly left: number
  readonly width: number
  readonly column: number
  readonly focused: boolean
  readonly summary: PhotoSummary | undefined
  readonly overlay: ReactNode
  /** Whether it is seen as soon as it is drawn. */
  readonly inSight: boolean
  /** Milliseconds after which the picture is asked for. */
  readonly patience: () => number
}

/** What the grid is told of a click by where it fell: `data-photo` and `data-part`. */
export const Tile = memo(function Tile(props: TileProps) {
  const { photoId, summary } = props
  const selected = useSelection(({ ids }) => ids.has(photoId))
  const [broken, setBroken] = useState(false)
  const onBroken = useCallback(() => setBroken(true), [])
  const name = printableName(summary?.name ?? text.library.photo)
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names the active cell
    <div
      id={tileId(photoId)}
      role="gridcell"
      aria-colindex={props.column}
      aria-selected={selected}
      aria-label={describe(summary, name)}
      className={styles.tile}
      data-photo={photoId}
      data-focused={props.focused || undefined}
      data-offline={summary?.offline || undefined}
      style={{ left: props.left, width: props.width }}
    >
      {broken ? (
        <span className={styles.broken}>
          <ImageOff size={20} strokeWidth={1.5} aria-hidden />
          <span className={styles.name}>{name}</span>
        </span>
      ) : (
        <TileImage
          library={props.library}
          photoId={photoId}
          large={props.large}
          inSight={props.inSight}
          patience={props.patience}
          onBroken={onBroken}
        />
      )}
      {summary?.offline && (
        <span className={styles.offline} title={text.library.offline}>
          <CloudOff size={14} aria-hidden />
        </span>
      )}
      {props.overlay}
      <span className={styles.check} data-part="check" aria-hidden />
    </div>
  )
})

export function tileId(photoId: number): string {
  return `photo-${photoId}`
}

function describe(summary: PhotoSummary | undefined, name: string): string {
  const said = summary?.caption ? `${summary.caption}, ${name}` : name
  return summary?.offline ? `${said}, ${text.library.offline}` : said
}

interface TileImageProps {
  readonly library: string
  readonly photoId: number
  /** The address of a larger picture than a tile, where a tile would be blurred. */
  readonly large: string | null
  readonly inSight: boolean
  readonly patience: () => number
  readonly onBroken: () => void
}

/** The cell's own label says what it shows, so the picture is silent. */
function TileImage(props: TileImageProps) {
  const { library, photoId, large, patience, onBroken } = props
  // Pictures ahead wait for those that are looked at.
  const [inSight] = useState(props.inSight)
  const load = useCallback(
    (image: HTMLImageElement) => {
      let takeBack = () => {}
      const start = () => {
        if (large !== null) {
          image.fetchPriority = inSight ? 'high' : 'auto'
          image.src = large
        } else {
          takeBack = loadTile(library, photoId, inSight, (source) => {
            if (source === null) onBroken()
            else image.src = source
          })
        }
      }
      const wait = patience()
      const timer = wait > 0 ? setTimeout(start, wait) : undefined
      if (wait === 0) start()
      return () => {
        clearTimeout(timer)
        takeBack()
        // A picture that was scrolled past is not waited for: those in sight come first.
        image.removeAttribute('src')
      }
    },
    [library, photoId, large, inSight, patience, onBroken],
  )
  return <img ref={load} alt="" decoding="async" onError={onBroken} />
}
