/** The application's menu: what the system expects to find there, and the window's commands. */
import type { MenuItemConstructorOptions } from 'electron'
import type { HostCommand } from '../../../shared/hostBridge.js'
import { text } from './text.js'

export interface MenuOptions {
  readonly platform: NodeJS.Platform
  readonly onCommand: (command: HostCommand) => void
}

type Item = MenuItemConstructorOptions

export function menuTemplate({ platform, onCommand }: MenuOptions): Item[] {
  const mac = platform === 'darwin'
  const command = (label: string, name: HostCommand, accelerator?: string): Item => ({
    id: name,
    label,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => onCommand(name),
  })
  const separator: Item = { type: 'separator' }
  const settings = command(text.menu.settings, 'settings', 'CmdOrCtrl+,')
  const appMenu: Item = {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      separator,
      settings,
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  }
  return [
    ...(mac ? [appMenu] : []),
    {
      label: text.menu.file,
      submenu: [
        command(text.menu.addFolder, 'add folder', 'CmdOrCtrl+O'),
        separator,
        ...(mac ? [{ role: 'close' } as const] : [settings, separator, { role: 'quit' } as const]),
      ],
    },
    {
      label: text.menu.edit,
      submenu: [...editItems, separator, command(text.menu.find, 'find', 'CmdOrCtrl+F')],
    },
    {
      label: text.menu.view,
      submenu: [
        command(text.menu.palette, 'palette', 'CmdOrCtrl+K'),
        separator,
        { role: 'reload' },
        { role: 'toggleDevTools' },
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      label: text.menu.help,
      submenu: [
        command(text.menu.shortcuts, 'shortcuts'),
        ...(mac ? [] : [separator, { role: 'about' } as const]),
      ],
    },
  ]
}

const editItems: readonly Item[] = [
  { role: 'undo' },
  { role: 'redo' },
  { type: 'separator' },
  { role: 'cut' },
  { role: 'copy' },
  { role: 'paste' },
  { role: 'selectAll' },
]
