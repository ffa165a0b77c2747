import { countOf } from '../format.js'

export const sources = {
  title: 'Sources',
  add: 'Add folder',
  rescanAll: 'Look for changes',
  rescan: 'Look for changes',
  remove: 'Remove from library',
  online: 'Online',
  offline: 'Not connected',
  scanning: 'Being read',
  watching: 'Watched',
  offlineHint: 'Its disk is not connected. Its photos stay searchable, from what is kept of them.',
  files: (count: number) => countOf(count, 'photo file', 'photo files'),
  missing: (count: number) => `${countOf(count, 'file', 'files')} gone`,
  failed: (count: number) => `${countOf(count, 'file', 'files')} unreadable`,
  lastScan: (when: string) => `Last looked through ${when}`,
  never: 'Not looked through yet',
  empty: 'No folders yet.',
  removeTitle: 'Remove this folder from the library?',
  removeText:
    'No file is touched. Photos that stand nowhere else leave the library; what you wrote about them is kept, and is there again when you add the folder again.',
  failures: 'What could not be read',
  retry: 'Try again',
  foldersFailed: 'The folders could not be read',
  listFailed: 'This list could not be read',
}
