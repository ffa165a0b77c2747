/** Everything that can be done by name. */

import { navigate } from 'wouter/use-browser-location'
import { openSearch, paths } from '../../app/navigation.js'
import { text } from '../../text/text.js'
import { engine } from '../../transport/engine.js'
import { stepRowHeight } from '../library/gridSize.js'

export interface Command {
  readonly id: string
  readonly label: string
  readonly keys?: string
  readonly run: () => void
}

const words = text.palette
const goTo = (id: string, view: string, path: string): Command => ({
  id,
  label: words.goTo(view),
  run: () => navigate(path),
})
const theme = (theme: 'light' | 'dark' | 'system'): Command => ({
  id: `theme ${theme}`,
  label: words[theme],
  run: () => void engine.settings.set({ theme }),
})

/** What only a component can do. */
export interface Doers {
  readonly addFolders: () => void
  /** Opens the list of keys. */
  readonly showShortcuts: () => void
}

export function commandsWith({ addFolders, showShortcuts }: Doers): readonly Command[] {
  return [
    { id: 'find', label: words.find, keys: '/', run: focusSearch },
    { id: 'add folder', label: words.addFolders, run: addFolders },
    goTo('photos', text.app.photos, paths.photos),
    goTo('sources', text.app.sources, paths.sources),
    goTo('teach', text.app.teach, paths.teach),
    goTo('models', text.app.models, paths.models),
    goTo('settings', text.app.settings, paths.settings),
    { id: 'rescan', label: words.rescan, run: () => void engine.library.rescan({ root: null }) },
    { id: 'sample', label: words.addSample, run: () => void engine.library.addSample() },
    { id: 'larger', label: words.larger, run: () => stepRowHeight(1) },
    { id: 'smaller', label: words.smaller, run: () => stepRowHeight(-1) },
    theme('light'),
    theme('dark'),
    theme('system'),
    { id: 'shortcuts', label: words.shortcuts, keys: '?', run: showShortcuts },
  ]
}

export function recentQuery(query: string): Command {
  return { id: `query ${query}`, label: query, run: () => openSearch(query) }
}

function focusSearch(): void {
  document.querySelector<HTMLInputElement>('input[role="combobox"]')?.focus()
}
