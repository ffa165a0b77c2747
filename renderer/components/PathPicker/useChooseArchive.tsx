/** Lets the person choose a zip archive. */
import { type PathChoice, usePathChoice } from './usePathChoice.js'

/** `onChoose` is given a handle. */
export function useChooseArchive(onChoose: (archive: string) => void): PathChoice {
  return usePathChoice(
    'archive',
    async (host) => {
      const archive = await host.chooseArchive()
      return archive === null ? [] : [archive]
    },
    ([archive = '']) => onChoose(archive),
  )
}
