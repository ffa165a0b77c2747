import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeImage, type RgbImage } from '../../../../main/platform/images/decodeImage.js'
import { readImageInfo } from '../../../../main/platform/images/readImageInfo.js'
import { supportedExtensions } from '../../../../main/platform/images/supportedExtensions.js'
import { AppError } from '../../../../shared/errors.js'
import { photographs } from '../../../support/photographs.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'images-'))
})
afterAll(() => rm(folder, { recursive: true }))

const fill8 = { width: 8, height: 8, fit: 'fill' } as const

/** Left half red, right half blue, `width` x 32. */
function redBlue(width = 64): Sharp {
  const data = new Uint8Array(width * 32 * 3)
  for (let i = 0; i < width * 32; i++) data[i * 3 + (i % width < width / 2 ? 0 : 2)] = 255
  return sharp(data, { raw: { width, height: 32, channels: 3 } })
}

function pixel(image: RgbImage, x: number, y: number): number[] {
  return [...image.data.subarray((y * image.width + x) * 3, (y * image.width + x) * 3 + 3)]
}

function near(actual: number[], expected: number[], tolerance: number): void {
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(actual[i]! - value), `${actual} against ${expected}`).toBeLessThanOrEqual(
      tolerance,
    )
  }
}

async function failureOf(source: string | Uint8Array): Promise<AppError> {
  const error = await decodeImage(source, fill8).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(AppError)
  return error as AppError
}

describe('formats', () => {
  const encoders: Record<string, (image: Sharp) => Sharp> = {
    jpeg: (image) => image.jpeg({ quality: 95 }),
    'progressive jpeg': (image) => image.jpeg({ quality: 95, progressive: true }),
    png: (image) => image.png(),
    '16-bit png': (image) => image.toColourspace('rgb16').png(),
    'palette png': (image) => image.png({ palette: true }),
    webp: (image) => image.webp({ lossless: true }),
    gif: (image) => image.gif(),
    tiff: (image) => image.tiff(),
    avif: (image) => image.avif({ quality: 90, chromaSubsampling: '4:4:4' }),
    'CMYK jpeg': (image) => image.toColourspace('cmyk').jpeg({ quality: 95 }),
  }
  for (const [name, encode] of Object.entries(encoders)) {
    it(`decodes ${name}`, async () => {
      const image = await decodeImage(await encode(redBlue()).toBuffer(), fill8)
      expect(image).toMatchObject({ width: 8, height: 8 })
      expect(image.data).toHaveLength(192)
      // CMYK cannot hold pure red and blue: only their order is certain.
      const tolerance = name.startsWith('CMYK') ? 130 : 8
      near(pixel(image, 1, 4), [255, 0, 0], tolerance)
      near(pixel(image, 6, 4), [0, 0, 255], tolerance)
    })
  }

  it.each([
    ['8-bit', 'b-w'],
    ['16-bit', 'grey16'],
  ])('expands a grey %s picture to three channels', async (_, space) => {
    const grey = await sharp(new Uint8Array(256).fill(100), {
      raw: { width: 16, height: 16, channels: 1 },
    })
      .toColourspace(space)
      .png()
      .toBuffer()
    const image = await decodeImage(grey, fill8)
    expect(image.data).toHaveLength(192)
    near(pixel(image, 3, 3), [100, 100, 100], 1)
  })

  it.each(['gif', 'webp'] as const)('takes the first frame of an animated %s', async (format) => {
    const frames = Buffer.alloc(16 * 32 * 3)
    for (let i = 0; i < 16 * 32; i++) frames[i * 3 + (i < 256 ? 0 : 1)] = 255
    const animation = await sharp(frames, {
      raw: { width: 16, height: 32, channels: 3, pageHeight: 16 },
    })
      .toFormat(format)
      .toBuffer()
    expect((await sharp(animation, { animated: true }).metadata()).pages).toBe(2)
    expect(await readImageInfo(animation)).toEqual({ width: 16, height: 16, format })
    near(pixel(await decodeImage(animation, fill8), 4, 4), [255, 0, 0], 8)
  })

  it('lists the extensions of these formats and only what can be read', () => {
    expect([...supportedExtensions()]).toEqual(
      expect.arrayContaining([
        '.jpg',
        '.jpeg',
        '.png',
        '.webp',
        '.gif',
        '.tif',
        '.tiff',
        '.svg',
        '.avif',
      ]),
    )
    expect(supportedExtensions().has('.pdf')).toBe(false)
  })
})

describe('colour', () => {
  it('converts a colour profile to sRGB', async () => {
    const green = sharp({ create: { width: 16, height: 16, channels: 3, background: '#20c040' } })
    const wide = await green.withIccProfile('p3').png().toBuffer()
    const stored = await sharp(wide).toColourspace('srgb').metadata()
    expect(stored.icc).toBeDefined()
    near(pixel(await decodeImage(wide, fill8), 4, 4), [32, 192, 64], 3)
  })

  it('lays transparency on the background wanted', async () => {
    const half = await sharp({
      create: {
        width: 16,
        height: 16,
        channels: 4,
        background: { r: 255, g: 0, b: 0, alpha: 0.5 },
      },
    })
      .png()
      .toBuffer()
    near(pixel(await decodeImage(half, fill8), 4, 4), [255, 127, 127], 2)
    const onBlack = await decodeImage(half, { ...fill8, background: [0, 0, 0] })
    near(pixel(onBlack, 4, 4), [128, 0, 0], 2)
  })
})

describe('geometry', () => {
  it('applies each EXIF orientation', async () => {
    // Where the red half lies once the picture is upright, by orientation.
    const redAt = ['left', 'right', 'right', 'left', 'top', 'top', 'bottom', 'bottom']
    for (const [index, side] of redAt.entries()) {
      const jpeg = await redBlue()
        .jpeg({ quality: 95 })
        .withMetadata({ orientation: index + 1 })
        .toBuffer()
      const upright = side === 'left' || side === 'right' ? [64, 32] : [32, 64]
      expect(await readImageInfo(jpeg)).toMatchObject({ width: upright[0], height: upright[1] })
      const image = await decodeImage(jpeg, fill8)
      const points = { left: [1, 4], right: [6, 4], top: [4, 1], bottom: [4, 6] } as const
      const [x, y] = points[side as keyof typeof points]
      near(pixel(image, x, y), [255, 0, 0], 8)
    }
  })

  it.each([
    ['fill', 20, 10],
    ['cover', 20, 10],
    ['contain', 20, 10],
    ['inside', 20, 10],
    ['shortest-edge', 20, 10],
  ] as const)('meets the size wanted by %s', async (fit, width, height) => {
    const image = await decodeImage(await redBlue(128).png().toBuffer(), { width, height, fit })
    const expected = {
      fill: [20, 10],
      cover: [20, 10],
      contain: [20, 10],
      inside: [20, 5],
      'shortest-edge': [40, 10],
    }[fit]
    expect([image.width, image.height]).toEqual(expected)
    // Bars of `contain` are white.
    if (fit === 'contain') expect(pixel(image, 3, 0)).toEqual([255, 255, 255])
  })

  it('renders an SVG sharply at the size wanted', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="2" height="4" fill="#f00"/></svg>'
    const image = await decodeImage(Buffer.from(svg), { width: 256, height: 256, fit: 'fill' })
    near(pixel(image, 126, 128), [255, 0, 0], 2)
    near(pixel(image, 129, 128), [255, 255, 255], 2)
  })

  it('shrinks an SVG that claims to be huge', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="60000" height="60000"><rect width="100%" height="100%" fill="#0f0"/></svg>'
    near(pixel(await decodeImage(Buffer.from(svg), fill8), 4, 4), [0, 255, 0], 2)
  })
})

describe('unreadable pictures', () => {
  it('names the file and says why', async () => {
    const jpeg = await sharp(photographs[0]).jpeg().toBuffer()
    const png = await sharp(photographs[0]).resize(300).png().toBuffer()
    const cases: [name: string, content: Uint8Array, reason: RegExp][] = [
      ['empty.jpg', new Uint8Array(), /empty/],
      ['text.jpg', Buffer.from('no picture at all'), /unsupported format/],
      ['zeros.png', new Uint8Array(4096), /unsupported format/],
      ['cut.jpg', jpeg.subarray(0, jpeg.length / 2), /truncated/],
      ['cut.png', png.subarray(0, png.length / 2), /truncated|damaged/],
      ['header.jpg', jpeg.subarray(0, 200), /truncated|damaged|unsupported/],
      ['page.pdf', Buffer.from('%PDF-1.4\n1 0 obj'), /unsupported format/],
    ]
    for (const [name, content, reason] of cases) {
      const path = join(folder, name)
      await writeFile(path, content)
      const error = await failureOf(path)
      expect(error.code, name).toBe('IMAGE_UNREADABLE')
      expect(error.data, name).toMatchObject({ path, reason: expect.stringMatching(reason) })
    }
  })

  it('tells a missing file and a folder from a broken picture', async () => {
    expect((await failureOf(join(folder, 'nothing.jpg'))).code).toBe('FILE_NOT_FOUND')
    expect((await failureOf(folder)).message).toMatch(/not a plain file/)
  })

  it('refuses a picture with too many pixels without decoding it', async () => {
    const bomb = await redBlue().png().toBuffer()
    bomb.writeUInt32BE(60_000, 16)
    bomb.writeUInt32BE(60_000, 20)
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29)
    expect((await failureOf(bomb)).message).toMatch(/too large/)
  })

  it('survives random damage', async () => {
    const jpeg = await sharp(photographs[1]).resize(200).jpeg().toBuffer()
    let seed = 1
    for (let round = 0; round < 60; round++) {
      const damaged = Buffer.from(jpeg)
      for (let i = 0; i < 8; i++) {
        seed = (seed * 48271) % 2147483647
        damaged[seed % damaged.length] = seed & 255
      }
      const outcome = await decodeImage(damaged, fill8).catch((error: unknown) => error)
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(AppError)
      else expect((outcome as RgbImage).data).toHaveLength(192)
    }
  })
})

describe('an SVG with references', () => {
  it('reads no file and opens no connection', async () => {
    const secret = join(folder, 'secret.png')
    await sharp({ create: { width: 8, height: 8, channels: 3, background: '#f00' } }).toFile(secret)
    let requests = 0
    const server = createServer((_, response) => {
      requests++
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.png`
    const hrefs = [secret, `file://${secret}`, 'secret.png', url]
    for (const href of hrefs) {
      const path = join(folder, 'hostile.svg')
      await writeFile(
        path,
        `<!DOCTYPE svg [<!ENTITY x SYSTEM "file://${secret}">]><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="8" height="8"><style>@import url("${url}");</style><image xlink:href="${href}" href="${href}" width="8" height="8"/></svg>`,
      )
      near(pixel(await decodeImage(path, fill8), 4, 4), [255, 255, 255], 0)
    }
    await new Promise((resolve) => server.close(resolve))
    expect(requests).toBe(0)
  })
})

describe('a hostile SVG', () => {
  const open = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">'
  const levels = Array.from(
    { length: 12 },
    (_, i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`,
  )
  it.each([
    [
      'entities that multiply',
      `<!DOCTYPE s [<!ENTITY a0 "a">${levels.join('')}]>${open}<text>&a12;</text></svg>`,
    ],
    ['endless nesting', `${open}${'<g>'.repeat(100_000)}${'</g>'.repeat(100_000)}</svg>`],
    ['no extent', '<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0"/>'],
  ])('with %s ends in a reason', async (_, svg) => {
    expect((await failureOf(Buffer.from(svg))).code).toBe('IMAGE_UNREADABLE')
  })
})
