/** Times, places and cameras of photos. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { readMetadata } from '../../../main/library/metadata/readMetadata.js'
import {
  cameraTime,
  dateOfName,
  localTime,
  zoneMinutesOf,
} from '../../../main/library/metadata/takenAt.js'
import { openXmpWriter } from '../../../main/library/xmp/xmpWriter.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'

test.each([
  ['IMG_20240503_120102.jpg', '2024-05-03T12:01:02'],
  ['PXL_20240503_120102345.jpg', '2024-05-03T12:01:02'],
  ['IMG-20240503-WA0007.jpg', '2024-05-03T00:00:00'],
  ['Screenshot 2024-05-03 at 12.01.02.png', '2024-05-03T12:01:02'],
  ['2024-05-03.jpg', '2024-05-03T00:00:00'],
  ['/2019-01-01/beach.jpg', null],
  ['20241345.jpg', null],
  ['2023-02-29.jpg', null],
  ['1234567890123.jpg', null],
  ['DSC_1999.jpg', null],
])('the date of %s is %s', (name, date) => {
  expect(dateOfName(name)).toBe(date)
})

async function metadataOf(path: string, mtimeMs: number) {
  const bytes = await readFile(path).catch(() => new Uint8Array())
  return (await readMetadata(bytes, path, mtimeMs)).metadata
}

test.each([
  ['+02:00', 120],
  ['-05:30', -330],
  ['Z', 0],
  ['+20:00', null],
  ['   ', null],
  [undefined, null],
])('the zone %s is %s minutes from UTC', (offset, minutes) => {
  expect(zoneMinutesOf(offset)).toBe(minutes)
})

test('words are written beside a photo as XMP, over and over, and the photo is left alone', async () => {
  const path = join(await temporaryFolder(), 'door.jpg')
  const pixels = sharp({ create: { width: 8, height: 8, channels: 3, background: 'blue' } })
  await writeFile(path, await pixels.jpeg().toBuffer())
  const before = await readFile(path)
  const writer = await openXmpWriter()
  try {
    await writer.write(path, { captions: ['a blue door'], tags: ['snow', 'door'] })
    await writer.write(path, { captions: ['a <blue> door & snow'], tags: ['snow'] })
  } finally {
    await writer.dispose()
  }
  expect(await readFile(path)).toEqual(before)
  const xmp = await readFile(`${path}.xmp`, 'utf8')
  expect(xmp).toContain('a &lt;blue&gt; door &amp; snow')
  expect(xmp).toContain('<rdf:li>snow</rdf:li>')
  expect(xmp).not.toContain('<rdf:li>door</rdf:li>')
})

test('words that stand in the file are read, each once', async () => {
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt><rdf:li xml:lang="x-default">a blue door</rdf:li></rdf:Alt></dc:description><dc:subject><rdf:Bag><rdf:li>snow</rdf:li><rdf:li>door</rdf:li><rdf:li>x-default</rdf:li><rdf:li>snow</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>`
  const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: 'blue' } })
  const bytes = await picture.withXmp(xmp).jpeg().toBuffer()
  const { words } = await readMetadata(bytes, 'x.jpg', 0)
  expect(words).toEqual({ captions: ['a blue door'], tags: ['snow', 'door'] })
})

test('a clock that was never set tells no time', () => {
  expect(cameraTime('0000:00:00 00:00:00')).toBeNull()
  expect(cameraTime('2024:05:03 12:01:02')).toBe('2024-05-03T12:01:02')
})

test('the camera tells time, name and place; without it, the file name and then the file do', async () => {
  const folder = await temporaryFolder()
  const pixels = sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } }).jpeg()
  const path = join(folder, '2001-01-01.jpg')
  const exif = {
    IFD0: { Make: 'Canon', Model: 'Canon EOS R5' },
    IFD2: {
      DateTimeOriginal: '2019:08:07 06:05:04',
      OffsetTimeOriginal: '+09:30',
      ExposureTime: '1/250',
      FNumber: '28/10',
      ISOSpeedRatings: '400',
      FocalLength: '50/1',
      LensModel: 'RF50mm F1.8',
    },
    IFD3: {
      GPSLatitudeRef: 'S',
      GPSLatitude: '33/1 30/1 0/1',
      GPSLongitudeRef: 'E',
      GPSLongitude: '151/1 15/1 0/1',
    },
  }
  await writeFile(path, await pixels.withExif(exif).toBuffer())
  expect(await metadataOf(path, 0)).toEqual({
    takenAt: '2019-08-07T06:05:04',
    takenAtSource: 'camera',
    camera: 'Canon EOS R5',
    latitude: -33.5,
    longitude: 151.25,
    zoneMinutes: 570,
    lens: 'RF50mm F1.8',
    exposureSeconds: 0.004,
    fNumber: 2.8,
    iso: 400,
    focalLengthMm: 50,
  })
  const bare = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  await writeFile(join(folder, 'a 2001-01-02.png'), bare)
  expect(await metadataOf(join(folder, 'a 2001-01-02.png'), 0)).toMatchObject({
    takenAt: '2001-01-02T00:00:00',
    takenAtSource: 'name',
    camera: null,
    latitude: null,
  })
})

test('what is no picture, or is not there, still gets the time of its file', async () => {
  const path = join(await temporaryFolder(), 'x.jpg')
  const time = { takenAt: localTime(new Date(5_000)), takenAtSource: 'file' }
  expect(await metadataOf(path, 5_000)).toMatchObject(time)
  await writeFile(
    path,
    Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0xff]), Buffer.alloc(99)]),
  )
  expect(await metadataOf(path, 5_000)).toMatchObject(time)
})
