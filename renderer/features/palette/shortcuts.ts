/** The keys that there are, as the list of shortcuts shows them. */
import { text } from '../../text/text.js'

const { keys, groups } = text.palette
const command = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl'

export const shortcuts = [
  {
    group: groups.everywhere,
    keys: [
      ['/', keys.find],
      [`${command} K`, keys.palette],
      ['?', keys.shortcuts],
    ],
  },
  {
    group: groups.grid,
    keys: [
      ['← → ↑ ↓', keys.move],
      ['Enter', keys.open],
      ['Space', keys.preview],
      ['X', keys.select],
      ['Shift ← → ↑ ↓', keys.range],
      [`${command} A`, keys.all],
      ['Esc', keys.clear],
      ['G', keys.match],
      ['B', keys.noMatch],
    ],
  },
  {
    group: groups.photo,
    keys: [
      ['← →', keys.next],
      ['+ − 0', keys.zoom],
      ['I', keys.info],
      ['O', keys.boxes],
      ['Esc', keys.close],
    ],
  },
] as const
