import { countOf } from '../format.js'

export const selection = {
  bar: 'Selection',
  count: (count: number) => `${countOf(count, 'photo', 'photos')} selected`,
  tag: 'Tag',
  caption: 'Caption',
  tagPlaceholder: 'Add a tag to all of them',
  captionPlaceholder: 'Add a caption to all of them',
  add: 'Add',
  xmp: 'Write words beside the files',
  xmpQuestion: (count: number) =>
    `Captions and tags of ${countOf(count, 'photo', 'photos')} are written into .xmp files beside ${count === 1 ? 'it' : 'them'}. The photos themselves are not changed.`,
  xmpStarted: 'The words are being written.',
  write: 'Write',
  similar: 'Find similar',
  teach: 'Teach',
  clear: 'Clear selection',
  saved: (count: number) => `Saved for ${countOf(count, 'photo', 'photos')}.`,
}
