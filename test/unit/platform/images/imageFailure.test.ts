import { expect, test } from 'vitest'
import { imageFailure } from '../../../../main/platform/images/imageFailure.js'

test.each([
  ['Input buffer has corrupt header: glib: XML parse error: code 114', 'damaged: not a valid SVG'],
  ['Input file contains unsupported image format', 'unsupported format'],
  ['VipsJpeg: premature end of JPEG image', 'truncated'],
  ['pngload_buffer: IDAT: invalid distance\nmore', 'damaged: IDAT: invalid distance'],
  ['something else', 'damaged: something else'],
])('%s', (message, reason) => {
  const failure = imageFailure('/photos/a.jpg', new Error(message))
  expect(failure).toMatchObject({
    code: 'IMAGE_UNREADABLE',
    data: { path: '/photos/a.jpg', reason },
  })
})
