/** Lets the person choose folders. */
import { type PathChoice, usePathChoice } from './usePathChoice.js'

/** `onChoose` is given handles. */
export function useChooseFolders(onChoose: (folders: string[]) => void): PathChoice {
  return usePathChoice(
    'folder',
    (host) => host.chooseFolders(),
    (folders) => onChoose([...folders]),
  )
}
