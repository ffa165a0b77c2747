/** One photo of the grid. */
// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be laid out in justified rows, nor hold only what is in sight
import { CloudOff, ImageOff } from 'lucide-react'
import { memo, type ReactNode, useCallback, useState } from 'react'
import type { PhotoSummary } from '../../../shared/domain/photo.js'
import { useSelection } from '../../features/selection/selection.js'
import { text } from '../../text/text.js'
import { printableName } from '../printableName.js'
import styles from './Tile.module.css'

export interface TileProps {
  readonly photoId: number
  readonly source: string
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
          source={props.source}
          inSight={props.inSight}
          patience={props.patience}
          onBroken={() => setBroken(true)}
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
  readonly source: string
  readonly inSight: boolean
  readonly patience: () => number
  readonly onBroken: () => void
}

/** The cell's own label says what it shows, so the picture is silent. */
function TileImage({ source, inSight, patience, onBroken }: TileImageProps) {
  // Pictures ahead wait for those that are looked at; a browser does not know which those are yet.
  const [priority] = useState<'high' | 'auto'>(inSight ? 'high' : 'auto')
  const load = useCallback(
    (image: HTMLImageElement) => {
      const start = () => {
        image.fetchPriority = priority
        image.src = source
      }
      const wait = patience()
      const timer = wait > 0 ? setTimeout(start, wait) : undefined
      if (wait === 0) start()
      return () => {
        clearTimeout(timer)
        // A picture that was scrolled past is not waited for: those in sight come first.
        image.removeAttribute('src')
      }
    },
    [source, priority, patience],
  )
  return <img ref={load} alt="" decoding="async" onError={onBroken} />
}
