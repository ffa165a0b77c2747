/** All words that the desktop host itself shows; those of the window stand in renderer/text. */
export const text = {
  appName: 'Semblance',
  menu: {
    file: 'File',
    addFolder: 'Add Folder…',
    settings: 'Settings…',
    edit: 'Edit',
    find: 'Find',
    view: 'View',
    palette: 'Command Palette…',
    help: 'Help',
    shortcuts: 'Keyboard Shortcuts',
  },
  chooseFolders: { title: 'Choose folders', button: 'Choose' },
  chooseArchive: { title: 'Import a model', button: 'Import', archives: 'Zip archives' },
  engineFailed: {
    message: 'Semblance cannot go on',
    retry: 'Try Again',
    quit: 'Quit',
  },
  windowFailed: {
    message: 'The window stopped working',
    detail: (reason: string) => `Your library is safe and background work goes on (${reason}).`,
    reload: 'Reload',
    quit: 'Quit',
  },
  startFailed: 'Semblance cannot start',
  noFile: {
    message: 'The file cannot be reached now',
    detail: 'Connect the disk that it is on, or look at Sources for what became of its folder.',
  },
} as const
