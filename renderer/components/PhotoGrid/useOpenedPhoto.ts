/** Lets the grid follow the photo that is open above it. */
import { useEffect, useRef } from 'react'
import { useOpenPhoto } from '../../app/navigation.js'

/** Tells the place of each photo that is opened, if it is among `ids`. */
export function useOpenedPhoto(ids: Uint32Array, onOpened: (photo: number) => void): void {
  const [open] = useOpenPhoto()
  const latest = useRef(onOpened)
  useEffect(() => {
    latest.current = onOpened
  })
  useEffect(() => {
    const photo = open === null ? -1 : ids.indexOf(open)
    if (photo !== -1) latest.current(photo)
  }, [open, ids])
}
