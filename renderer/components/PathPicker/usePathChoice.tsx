/** Asks for paths: by the system's dialog on the desktop, by ours in a browser. */
import { type ReactNode, useState } from 'react'
import type { HostBridge } from '../../../shared/hostBridge.js'
import { host } from '../../transport/engine.js'
import { PathPicker, type PathPickerProps } from './PathPicker.js'

/** `choose` asks; `dialog` has to stand somewhere in the view. */
export interface PathChoice {
  readonly choose: () => void
  readonly dialog: ReactNode
}

/** @param onChoose is given handles, one at least */
export function usePathChoice(
  kind: PathPickerProps['kind'],
  ask: (host: HostBridge) => Promise<readonly string[]>,
  onChoose: (handles: readonly string[]) => void,
): PathChoice {
  const [opened, setOpened] = useState(false)
  const choose = () => {
    if (!host) {
      setOpened(true)
      return
    }
    void ask(host).then((handles) => {
      if (handles.length > 0) onChoose(handles)
    })
  }
  const dialog = (
    <PathPicker
      kind={kind}
      opened={opened}
      onClose={() => setOpened(false)}
      onChoose={(handle) => onChoose([handle])}
    />
  )
  return { choose, dialog }
}
