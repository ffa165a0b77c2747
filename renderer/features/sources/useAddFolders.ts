/** Lets the person choose folders, which become part of the library. */
import { attempt } from '../../app/attempt.js'
import { useChooseFolders } from '../../components/PathPicker/useChooseFolders.js'
import type { PathChoice } from '../../components/PathPicker/usePathChoice.js'
import { engine } from '../../transport/engine.js'

export function useAddFolders(): PathChoice {
  return useChooseFolders((folders) => void attempt(engine.library.addFolders({ folders })))
}
