/** Lets the person choose a zip archive, as `useChooseFolders` does folders. */
import { type ReactNode, useState } from 'react'
import { host } from '../../transport/engine.js'
import { PathPicker } from './PathPicker.js'

/** `onChoose` is given a handle. */
export function useChooseArchive(onChoose: (archive: string) => void): {
  choose: () => void
  dialog: ReactNode
} {
  const [opened, setOpened] = useState(false)
  const choose = () => {
    if (!host) {
      setOpened(true)
      return
    }
    void host.chooseArchive().then((archive) => {
      if (archive !== null) onChoose(archive)
    })
  }
  const dialog = (
    <PathPicker
      kind="archive"
      opened={opened}
      onClose={() => setOpened(false)}
      onChoose={onChoose}
    />
  )
  return { choose, dialog }
}
