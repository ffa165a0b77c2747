import { formatCount } from '../format.js'

export const app = {
  name: 'Semblance',
  navigation: 'Main navigation',
  photos: 'Photos',
  sources: 'Sources',
  teach: 'Teach',
  models: 'Models',
  settings: 'Settings',
  shortcuts: 'Keyboard shortcuts',
  skipToContent: 'Skip to content',
  engineLost: 'The connection to Semblance was lost. Trying again…',
  engineLostAddress: 'If it was started anew, open the address that it printed.',
  loading: 'Loading…',
  notFound: 'There is nothing here.',
  close: 'Close',
  cancel: 'Cancel',
  tryAgain: 'Try again',
  defect: (id: string) => `Something went wrong inside Semblance (${id}). Nothing is lost.`,
  unreachable: 'The engine does not answer.',
  pages: {
    shown: (first: number, last: number, count: number) =>
      `${formatCount(first)} to ${formatCount(last)} of ${formatCount(count)}`,
    page: (page: number) => `Page ${formatCount(page)}`,
    controls: {
      first: 'First page',
      previous: 'Previous page',
      next: 'Next page',
      last: 'Last page',
    },
  },
  folders: {
    title: 'Choose a folder',
    up: 'Up one folder',
    archiveTitle: 'Choose a zip archive',
    noFolders: 'No folders in here.',
    noArchives: 'No folders and no zip archives in here.',
    choose: 'Choose this folder',
  },
}
