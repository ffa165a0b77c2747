/** Lets the person choose folders: by the system's dialog on the desktop, by ours in a browser. */
import { type ReactNode, useState } from 'react'
import { host } from '../../transport/engine.js'
import { PathPicker } from './PathPicker.js'

/** `choose` asks; `dialog` has to stand somewhere in the view. `onChoose` is given handles. */
export function useChooseFolders(onChoose: (folders: string[]) => void): {
  choose: () => void
  dialog: ReactNode
} {
  const [opened, setOpened] = useState(false)
  const choose = () => {
    if (!host) {
      setOpened(true)
      return
    }
    void host.chooseFolders().then((folders) => {
      if (folders.length > 0) onChoose([...folders])
    })
  }
  const dialog = (
    <PathPicker
      kind="folder"
      opened={opened}
      onClose={() => setOpened(false)}
      onChoose={(folder) => onChoose([folder])}
    />
  )
  return { choose, dialog }
}
