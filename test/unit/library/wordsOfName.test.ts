/** What names say once cameras, dates and numbers are taken out. */
import { expect, test } from 'vitest'
import { captionsOfPath } from '../../../main/library/captions/captionsOfPath.js'
import { wordsOfName } from '../../../main/library/captions/wordsOfName.js'

test.each([
  ['red circle', 'red circle'],
  ['red_circle-on.grey', 'red circle on grey'],
  ['redCircleOnGrey', 'red Circle On Grey'],
  ['HTMLParser', 'HTML Parser'],
  ['sunset2', 'sunset'],
  ['sunset (3)', 'sunset'],
  ['sunset_0042', 'sunset'],
  ['7 dwarfs', '7 dwarfs'],
  ['New York', 'New York'],
  ['picture frame', 'picture frame'],
  ["grandma's birthday cake", "grandma's birthday cake"],
  ['IMG_1234', ''],
  ['IMG_20240503_120102', ''],
  ['IMG_20240503_120102_red_flower', 'red flower'],
  ['PXL_20240503_120102345', ''],
  ['IMG-20240503-WA0007', ''],
  ['_DSC0042', ''],
  ['DSCN0042', ''],
  ['P1010101', ''],
  ['GOPR0042', ''],
  ['WhatsApp Image 2024-05-03 at 12.01.02', ''],
  ['Screenshot 2024-05-03 at 12.01.02', ''],
  ['2024-05-03 beach with Anna', 'beach with Anna'],
  ['03.05.2024 beach', 'beach'],
  ['8f14e45f-ceea-467f-9575-1f3c2d6f5a10', ''],
  ['d41d8cd98f00b204e9800998ecf8427e', ''],
  ['d41d8cd98f00b204e9800998ecf8427e red cat', 'red cat'],
  ['facade', 'facade'],
  ['photo', ''],
  ['untitled copy', ''],
  ['12345', ''],
  ['富士山', '富士山'],
  ['山', '山'],
  ['Käse-Fondue', 'Käse Fondue'],
  ['', ''],
])('%s says "%s"', (name, words) => {
  expect(wordsOfName(name)).toBe(words)
})

test.each([
  ['red circle.png', ['red circle']],
  ['animals/red cat.png', ['red cat', 'red cat, animals']],
  ['cats/two cats.png', ['two cats']],
  ['Holiday Crete/IMG_1234.jpg', ['Holiday Crete']],
  ['Holiday Crete/DCIM/100CANON/IMG_1234.jpg', ['Holiday Crete']],
  ['DCIM/IMG_1234.jpg', []],
])('the captions of %s', (path, captions) => {
  expect(captionsOfPath(path)).toEqual(captions)
})
