/** Boxes around the things that were found in a photo. */
import type { PhotoObject } from '../../../shared/domain/photo.js'
import { text } from '../../text/text.js'
import styles from './ObjectBoxes.module.css'

export interface ObjectBoxesProps {
  readonly objects: readonly PhotoObject[]
  /** The picture's own pixels. */
  readonly width: number
  readonly height: number
}

/**
 * In the picture's own pixels, fitted as the picture is: the element of a tall picture is wider than
 * what is seen of it.
 */
export function ObjectBoxes({ objects, width, height }: ObjectBoxesProps) {
  const letters = Math.max(width, height) * 0.019
  return (
    <svg
      className={styles.boxes}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="xMidYMid meet"
      role="img"
      aria-label={text.photo.boxes(objects)}
    >
      {objects.map((object) => (
        <Box
          key={JSON.stringify(object.box)}
          object={object}
          width={width}
          height={height}
          letters={letters}
        />
      ))}
    </svg>
  )
}

interface BoxProps {
  readonly object: PhotoObject
  readonly width: number
  readonly height: number
  /** Height of letters. */
  readonly letters: number
}

function Box({ object: { name, box }, width, height, letters }: BoxProps) {
  const [x, y] = [box.left * width, box.top * height]
  const size = { width: (box.right - box.left) * width, height: (box.bottom - box.top) * height }
  const label = { width: letters * (name.length * 0.58 + 0.8), height: letters * 1.5 }
  // Inside the picture, also of what fills it.
  const labelY = Math.max(0, y - label.height)
  const labelX = Math.max(0, Math.min(x, width - label.width))
  return (
    <g>
      <rect className={styles.edge} x={x} y={y} {...size} />
      <rect className={styles.box} x={x} y={y} {...size} />
      <rect className={styles.label} x={labelX} y={labelY} rx={letters * 0.2} {...label} />
      <text
        className={styles.name}
        x={labelX + label.width / 2}
        y={labelY + label.height / 2}
        fontSize={letters}
      >
        {name}
      </text>
    </g>
  )
}
