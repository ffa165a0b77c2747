import { countOf } from '../format.js'

export const models = {
  title: 'Models',
  about:
    'A model is what Semblance sees and reads with. What a photo looked like to each is kept, so that switching is instant.',
  active: 'In use',
  use: 'Use',
  inUse: (name: string) => `${name} is in use now.`,
  undo: 'Undo',
  kinds: {
    starter: 'Starter',
    downloaded: 'Downloaded',
    imported: 'Imported',
    tuned: 'Taught here',
  },
  indexed: (count: number) => `${countOf(count, 'photo', 'photos')} seen`,
  parent: (name: string) => `from ${name}`,
  added: (when: string) => `added ${when}`,
  gone: 'Its folder cannot be found',
  verify: 'Check files',
  verified: (files: number) => `All ${files} files are as they were made.`,
  remove: 'Remove',
  removeTitle: 'Remove this model?',
  removeText:
    'A model that was taught here is deleted for good, with what it knows of your photos.',
  details: 'Details',
  pairs: (count: number) => `Taught with ${countOf(count, 'photo', 'photos')}`,
  licence: (licence: string) => `Licence: ${licence}`,
  card: 'README.md in its folder tells what it was trained on, and how good it was found.',
  folder: (path: string) => `Folder: ${path}`,
  noReport: 'Nothing was measured for this model.',
}
