/** A rail of months: where in the library one is, and the way to anywhere else. */
import { useState } from 'react'
import styles from './PhotoGrid.module.css'

export interface ScrubberProps {
  readonly groups: readonly { readonly label: string; readonly top: number }[]
  readonly height: number
  readonly position: number
  readonly visible: number
  readonly label: string
  readonly onMove: (top: number) => void
}

export function Scrubber({ groups, height, position, visible, label, onMove }: ScrubberProps) {
  const [dragging, setDragging] = useState(false)
  const range = Math.max(1, height - visible)
  const share = Math.min(1, position / range)
  const here = groups.findLast(({ top }) => top <= position + 8)?.label ?? ''
  const move = (event: React.PointerEvent<HTMLDivElement>) => {
    const { top, height: rail } = event.currentTarget.getBoundingClientRect()
    onMove(Math.min(1, Math.max(0, (event.clientY - top) / rail)) * range)
  }
  return (
    <div
      className={styles.scrubber}
      role="slider"
      aria-label={label}
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      aria-valuetext={here}
      tabIndex={0}
      data-dragging={dragging || undefined}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setDragging(true)
        move(event)
      }}
      onPointerMove={(event) => dragging && move(event)}
      onPointerUp={() => setDragging(false)}
      onKeyDown={(event) => {
        const at = groups.findLastIndex(({ top }) => top <= position + 8)
        const next = event.key === 'ArrowDown' ? at + 1 : event.key === 'ArrowUp' ? at - 1 : -1
        const group = groups[next]
        if (!group) return
        event.preventDefault()
        onMove(group.top)
      }}
    >
      <span className={styles.thumb} style={{ top: `${share * 100}%` }}>
        <span className={styles.bubble}>{here}</span>
      </span>
    </div>
  )
}
