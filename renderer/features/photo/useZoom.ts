/** Zoom and pan of one picture, around the pointer. */
import { useEffect, useRef, useState } from 'react'

interface View {
  readonly scale: number
  readonly x: number
  readonly y: number
}

const fitted: View = { scale: 1, x: 0, y: 0 }
const largest = 12
/** Above it the preview has too few pixels. */
const largeScale = 1.8

/** `subject`: another one is seen whole at first. */
export function useZoom(subject: number) {
  const [state, setState] = useState({ subject, view: fitted })
  const view = state.subject === subject ? state.view : fitted
  const setView = (next: (now: View) => View) =>
    setState((now) => ({ subject, view: next(now.subject === subject ? now.view : fitted) }))
  const stage = useRef<HTMLDivElement>(null)
  const dragged = useRef<{ x: number; y: number } | null>(null)

  const around = (factor: number, x: number, y: number) =>
    setView((now) => {
      const scale = Math.min(largest, Math.max(1, now.scale * factor))
      if (scale === 1) return fitted
      const grown = scale / now.scale
      return { scale, x: x - (x - now.x) * grown, y: y - (y - now.y) * grown }
    })

  // React listens to the wheel passively, and could not keep the page from scrolling.
  useEffect(() => {
    const element = stage.current
    if (!element) return
    const onWheel = (event: WheelEvent) => {
      event.preventDefault()
      const { left, top, width, height } = element.getBoundingClientRect()
      const [x, y] = [event.clientX - left - width / 2, event.clientY - top - height / 2]
      around(Math.exp(-event.deltaY / 400), x, y)
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  })

  return {
    stage,
    large: view.scale > largeScale,
    style: { transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})` },
    by: (factor: number) => around(factor, 0, 0),
    fit: () => setView(() => fitted),
    handlers: {
      onDoubleClick: () => setView((now) => (now.scale > 1 ? fitted : { scale: 2.5, x: 0, y: 0 })),
      onPointerDown: (event: React.PointerEvent<HTMLDivElement>) => {
        if (view.scale === 1) return
        event.currentTarget.setPointerCapture(event.pointerId)
        dragged.current = { x: event.clientX - view.x, y: event.clientY - view.y }
      },
      onPointerMove: (event: React.PointerEvent<HTMLDivElement>) => {
        const from = dragged.current
        if (from)
          setView((now) => ({ ...now, x: event.clientX - from.x, y: event.clientY - from.y }))
      },
      onPointerUp: () => {
        dragged.current = null
      },
    },
  }
}
