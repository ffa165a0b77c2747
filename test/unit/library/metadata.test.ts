/** Times, places and cameras of photos. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { readMetadata } from '../../../main/library/metadata/readMetadata.js'
import { cameraTime, dateOfName, localTime } from '../../../main/library/metadata/takenAt.js'
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
    IFD2: { DateTimeOriginal: '2019:08:07 06:05:04' },
    IFD3: {
      GPSLatitudeRef: 'S',
      GPSLatitude: '33/1 30/1 0/1',
      GPSLongitudeRef: 'E',
      GPSLongitude: '151/1 15/1 0/1',
    },
  }
  await writeFile(path, await pixels.withExif(exif).toBuffer())
  expect(await readMetadata(path, 0)).toEqual({
    takenAt: '2019-08-07T06:05:04',
    takenAtSource: 'camera',
    camera: 'Canon EOS R5',
    latitude: -33.5,
    longitude: 151.25,
  })
  const bare = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  await writeFile(join(folder, 'a 2001-01-02.png'), bare)
  expect(await readMetadata(join(folder, 'a 2001-01-02.png'), 0)).toMatchObject({
    takenAt: '2001-01-02T00:00:00',
    takenAtSource: 'name',
    camera: null,
    latitude: null,
  })
})

test('what is no picture, or is not there, still gets the time of its file', async () => {
  const path = join(await temporaryFolder(), 'x.jpg')
  const time = { takenAt: localTime(new Date(5_000)), takenAtSource: 'file' }
  expect(await readMetadata(path, 5_000)).toMatchObject(time)
  await writeFile(
    path,
    Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0xff]), Buffer.alloc(99)]),
  )
  expect(await readMetadata(path, 5_000)).toMatchObject(time)
})
