import { countObjects, countOfObjects } from '../../../shared/query/objects/vocabulary.js'

export const photo = {
  view: 'Photo',
  close: 'Close',
  next: 'Next photo',
  previous: 'Previous photo',
  info: 'Information',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  fit: 'Fit to window',
  reveal: 'Show in file manager',
  objects: 'Things in it',
  showBoxes: 'Show where things are',
  boxes: (objects: readonly { readonly name: string }[]) =>
    countObjects(objects)
      .map(({ name, count }) => countOfObjects(name, count))
      .join(', '),
  findObject: (name: string) => `Find photos that show this: ${name}`,
  map: 'Where the words match',
  mapField: 'Words to look for in this photo',
  mapNone: 'This model does not tell where words match.',
  taken: 'Taken',
  takenBy: { camera: 'told by the camera', name: 'from the file name', file: 'time of the file' },
  zone: (minutes: number) => {
    const sign = minutes < 0 ? '−' : '+'
    const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
    return `UTC${sign}${hours}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`
  },
  camera: 'Camera',
  lens: 'Lens',
  exposure: 'Exposure',
  size: 'Size',
  place: 'Place',
  files: 'Files',
  offline: 'Not connected',
  missing: 'Missing',
  captions: 'Captions',
  tags: 'Tags',
  addCaption: 'Add a caption',
  addTag: 'Add a tag',
  remove: (word: string) => `Remove "${word}"`,
  sources: {
    user: 'written by you',
    metadata: 'from the file',
    'caption file': 'from a caption file',
    'text file': 'from a text file',
  } as Readonly<Record<string, string>>,
  suggestions: 'Suggested words',
  noSuggestions: 'No word fits well enough.',
  accept: (word: string) => `Add "${word}"`,
  similar: 'Similar photos',
  similarOne: (place: number) => `Similar photo ${place}`,
  showSimilar: 'Show all',
  failed: 'This photo could not be shown',
}
