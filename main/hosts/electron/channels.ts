/** The messages between preload and main process. Types only: the sandboxed preload imports nothing. */
import type { HostCommand } from '../../../shared/hostBridge.js'

/** Questions of the window, with what is asked and what is answered. */
export interface HostQuestions {
  'semblance:chooseFolders': () => string[]
  'semblance:chooseArchive': () => string | null
  'semblance:reveal': (photoId: number) => void
}

/** What the window tells without waiting for an answer. */
export interface WindowMessages {
  'semblance:connect': []
  'semblance:startDrag': [photoIds: readonly number[]]
}

/** What the main process tells the window; a port to the engine comes with `semblance:engine`. */
export interface HostMessages {
  'semblance:engine': []
  'semblance:command': [command: HostCommand]
}
