/** How large an element is, known before it is painted for the first time. */
import { type RefCallback, useCallback, useState } from 'react'

export interface Size {
  readonly width: number
  readonly height: number
}

/**
 * In CSS pixels, borders included. Mantine's `useElementSize` tells it two frames later, in which a
 * grid has no photos yet.
 */
export function useMeasuredSize(): Size & { readonly ref: RefCallback<HTMLElement> } {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  const ref = useCallback((element: HTMLElement | null) => {
    if (element === null) return
    const measure = () => {
      const { width, height } = element.getBoundingClientRect()
      setSize((before) =>
        before.width === width && before.height === height ? before : { width, height },
      )
    }
    measure()
    let frame = 0
    // In a frame of its own: what is laid out anew within the observer would call it again.
    const observer = new ResizeObserver(() => {
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(measure)
    })
    observer.observe(element)
    return () => {
      cancelAnimationFrame(frame)
      observer.disconnect()
    }
  }, [])
  return { ref, ...size }
}
