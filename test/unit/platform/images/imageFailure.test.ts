import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { decodeImage } from '../../../../main/platform/images/decodeImage.js'
import { imageFailure, untilTold } from '../../../../main/platform/images/imageFailure.js'
import { AppError } from '../../../../shared/errors.js'
import { photographs } from '../../../support/photographs.js'

test.each([
  ['Input buffer has corrupt header: glib: XML parse error: code 114', 'damaged: not a valid SVG'],
  ['Input file contains unsupported image format', 'unsupported format'],
  ['VipsJpeg: premature end of JPEG image', 'truncated'],
  ['pngload_buffer: IDAT: invalid distance\nmore', 'damaged: IDAT: invalid distance'],
  ['something else', 'damaged: something else'],
  ['Input buffer has corrupt header:', 'damaged'],
])('%s', (message, reason) => {
  const failure = imageFailure('/photos/a.jpg', new Error(message))
  expect(failure).toMatchObject({
    code: 'IMAGE_UNREADABLE',
    data: { path: '/photos/a.jpg', reason },
  })
})

test.each([
  ['Unknown error', 4],
  ['Input buffer has corrupt header:', 4],
  ['Input buffer has corrupt header: VipsJpeg: premature end', 1],
])('%s: asked %i times', async (message, times) => {
  let asked = 0
  const work = async () => {
    asked++
    throw new Error(message)
  }
  await expect(untilTold(work)).rejects.toThrow(message)
  expect(asked).toBe(times)
})

test('why a picture is broken is told while others are decoded beside it', async () => {
  const whole = await readFile(photographs[0])
  const cut = whole.subarray(0, whole.length / 3)
  const failures = new Map<unknown, number>()
  for (let round = 0; round < 40; round++) {
    const shape = { width: 8, height: 8, fit: 'fill' } as const
    const tries = Array.from({ length: 4 }, () => decodeImage(cut, shape))
    for (const { reason } of (await Promise.allSettled(tries)) as PromiseRejectedResult[]) {
      const told = reason instanceof AppError ? (reason.data as { reason: string }).reason : reason
      failures.set(told, (failures.get(told) ?? 0) + 1)
    }
  }
  expect([...failures]).toEqual([['truncated', 160]])
})
