/** One photo of the grid. */
import { Check, CloudOff, ImageOff } from 'lucide-react'
import { memo, type ReactNode, useState } from 'react'
import type { PhotoSummary } from '../../../shared/domain/photo.js'
import { text } from '../../text/text.js'
import { printableName } from '../printableName.js'
import styles from './PhotoGrid.module.css'

export interface TileProps {
  readonly id: string
  readonly source: string
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly summary: PhotoSummary | undefined
  readonly selected: boolean
  readonly focused: boolean
  readonly selecting: boolean
  readonly overlay: ReactNode
  readonly onOpen: () => void
  readonly onSelect: (range: boolean) => void
}

export const Tile = memo(function Tile(props: TileProps) {
  const { id, source, left, top, width, height, summary, selected, focused, selecting } = props
  const [broken, setBroken] = useState(false)
  const name = printableName(summary?.name ?? '')
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and tells which tile is active
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys
    <div
      id={id}
      role="option"
      aria-selected={selected}
      aria-label={summary?.caption ? `${summary.caption} (${name})` : name || text.library.photo}
      className={styles.tile}
      data-selected={selected || undefined}
      data-focused={focused || undefined}
      data-selecting={selecting || undefined}
      data-offline={summary?.offline || undefined}
      style={{ transform: `translate(${left}px, ${top}px)`, width, height }}
      onClick={(event) => {
        if (event.shiftKey) props.onSelect(true)
        else if (event.ctrlKey || event.metaKey || selecting) props.onSelect(false)
        else props.onOpen()
      }}
    >
      {broken ? (
        <span className={styles.broken}>
          <ImageOff size={20} aria-hidden />
          <span>{name}</span>
        </span>
      ) : (
        <img
          src={source}
          alt=""
          decoding="async"
          draggable={false}
          onError={() => setBroken(true)}
        />
      )}
      {summary?.offline && <CloudOff className={styles.offline} size={16} aria-hidden />}
      <button
        type="button"
        tabIndex={-1}
        className={styles.check}
        aria-label={text.library.select(name)}
        onClick={(event) => {
          event.stopPropagation()
          props.onSelect(event.shiftKey)
        }}
      >
        <Check size={14} strokeWidth={3} aria-hidden />
      </button>
      {props.overlay}
    </div>
  )
})
