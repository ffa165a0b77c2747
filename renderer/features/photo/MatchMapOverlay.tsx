/** Light where the words match, over the photo. */
import { Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { MatchMap } from '../../../shared/domain/photo.js'
import { describeError } from '../../app/describeError.js'
import { text } from '../../text/text.js'
import { orpc } from '../../transport/engine.js'
import styles from './PhotoView.module.css'

export interface MatchMapOverlayProps {
  readonly id: number
  readonly words: string
  /** The picture's width over its height. */
  readonly ratio: number
}

export function MatchMapOverlay({ id, words, ratio }: MatchMapOverlayProps) {
  const map = useQuery(orpc.photos.matchMap.queryOptions({ input: { id, words } }))
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    if (canvas.current && map.data) draw(canvas.current, map.data, ratio)
  }, [map.data, ratio])
  if (map.isPending) return <Loader className={styles.mapLoader!} color="yellow" />
  if (map.data) return <canvas ref={canvas} className={styles.map} aria-hidden />
  return (
    <p className={styles.mapNote} role="status">
      {map.error ? describeError(map.error) : text.photo.mapNone}
    </p>
  )
}

const longEdge = 512

/** One pixel for each part, which scaling makes soft, in a canvas of the picture's own shape. */
function draw(canvas: HTMLCanvasElement, { rows, columns, values }: MatchMap, ratio: number): void {
  const parts = new OffscreenCanvas(columns, rows)
  const context = parts.getContext('2d')!
  const pixels = context.createImageData(columns, rows)
  values.forEach((value, at) => {
    // Dark where it does not match, clear and warm where it does.
    const warm = Math.max(0, value - 0.5) * 2
    pixels.data.set([255 * warm, 190 * warm, 40 * warm, 190 * (1 - value) + 60 * warm], at * 4)
  })
  context.putImageData(pixels, 0, 0)
  canvas.width = Math.max(1, Math.round(longEdge * Math.min(1, ratio)))
  canvas.height = Math.max(1, Math.round(longEdge / Math.max(1, ratio)))
  canvas.getContext('2d')!.drawImage(parts, 0, 0, canvas.width, canvas.height)
}
