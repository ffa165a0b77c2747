/** Files that call themselves pictures and are broken, huge, or up to something. */
import { execFile } from 'node:child_process'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'
import { photographs } from './photographs.js'

/** Names of the files of `writeHostilePictures` that cannot be read. */
export const unreadableNames = [
  'no bytes.jpg',
  'cut off.jpg',
  'only text.jpg',
  'huge bomb.png',
  'entity bomb.svg',
  'broken name \\xff\\xfe.jpg',
] as const

/** Names of the odd ones that can: they must not confuse anything either. */
export const oddNames = [
  '<img src=x onerror=alert(1)>.jpg',
  'line\nbreak.jpg',
  'escape \u001b[31m red.jpg',
  'turned \u202egpj.jpg',
  '-rf --library.jpg',
  'quote\'s "both" `kinds` $HOME %s.jpg',
] as const

/** Writes all of them into `folder`, with a pipe, links that lead nowhere or round in circles. */
export async function writeHostilePictures(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const photograph = await readFile(photographs[0])
  const write = (name: string, content: Uint8Array | string) =>
    writeFile(join(folder, name), content)
  await write('no bytes.jpg', '')
  await write('cut off.jpg', photograph.subarray(0, photograph.length / 3))
  await write('only text.jpg', 'This is a text, whatever its name says.\n')
  await write('huge bomb.png', declaredPng(60_000, 60_000))
  await write('entity bomb.svg', entityBomb())
  // Each content is another one, or they would all be one photo.
  for (const [index, name] of oddNames.entries()) await write(name, withTail(photograph, index))
  const bytes = Buffer.concat([Buffer.from(`${folder}/broken name `), Buffer.from([0xff, 0xfe])])
  await writeFile(Buffer.concat([bytes, Buffer.from('.jpg')]), withTail(photograph, 100))
  await mkdir(join(folder, 'a folder named.jpg'))
  await write('a folder named.jpg/inside it.jpg', withTail(photograph, 101))
  await promisify(execFile)('mkfifo', [join(folder, 'pipe.jpg')])
  await symlink(join(folder, 'pipe.jpg'), join(folder, 'link to a pipe.jpg'))
  await symlink(join(folder, 'gone.jpg'), join(folder, 'link to nothing.jpg'))
  await symlink('circle.jpg', join(folder, 'circle.jpg'))
  await symlink('.', join(folder, 'myself'))
}

/** An SVG of one red square that also asks for `href`. */
export function svgReferring(href: string | null): string {
  const picture = href === null ? '' : `<image href="${href}" width="64" height="64"/>`
  const sheet = href === null ? '' : `<style>@import url("${href}");</style>`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64">${sheet}<rect width="64" height="64" fill="#d22"/>${picture}</svg>`
}

/** JPEG decoders ignore what follows the picture; the content is another one all the same. */
function withTail(jpeg: Uint8Array, index: number): Uint8Array {
  return Buffer.concat([jpeg, Buffer.from([index])])
}

/** A PNG file of a few bytes that claims to be `width` x `height`. */
function declaredPng(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const data = Buffer.from('789c636060600000000400 01'.replace(/ /g, ''), 'hex')
  const chunks = [chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([signature, ...chunks])
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type), content])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** An SVG whose text would be gigabytes long ("billion laughs"). */
function entityBomb(): string {
  const letters = 'abcdefghij'.split('')
  const entities = letters.slice(1).map((letter, index) => {
    return `<!ENTITY ${letter} "${`&${letters[index]};`.repeat(10)}">`
  })
  return `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "ha">${entities.join('')}]><svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><text y="20">&j;</text></svg>`
}
