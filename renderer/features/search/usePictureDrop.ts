/** Takes pictures that are pasted, or dropped anywhere on the window. */
import { useWindowEvent } from '@mantine/hooks'
import { useState } from 'react'
import { pictureOf } from './pictureUpload.js'

/** @returns whether files hang over the window */
export function usePictureDrop(onPicture: (picture: File) => void): boolean {
  const [dragging, setDragging] = useState(false)
  useWindowEvent('paste', (event) => {
    const file = pictureOf(event.clipboardData)
    if (!file) return
    event.preventDefault()
    onPicture(file)
  })
  useWindowEvent('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    setDragging(true)
  })
  useWindowEvent('dragleave', (event) => {
    if (event.relatedTarget === null) setDragging(false)
  })
  useWindowEvent('drop', (event) => {
    setDragging(false)
    // A file that is no picture must not take the place of the app.
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault()
    // Not every system tells what kind a file is of: the engine does, or says that it is none.
    const file = pictureOf(event.dataTransfer) ?? event.dataTransfer?.files[0]
    if (file) onPicture(file)
  })
  return dragging
}
