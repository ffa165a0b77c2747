/** Lays answers out as pictures, to be judged by eye in a browser. */
import { writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import type { Picture } from '../corpus/picture.js'
import type { Answer } from './freeText.js'

/** Writes an HTML page: a row for each question, its best pictures from left to right. */
export async function writeContactSheet(
  path: string,
  answers: readonly Answer[],
  pictures: readonly Picture[],
): Promise<void> {
  const rows = answers.map(({ query, hits }) => {
    const cells = hits.map(({ number, name, score }) => {
      const source = escapeMarkup(sourceOf(pictures[number]!))
      return `<td><img src="${source}" height="160" alt=""><br>${escapeMarkup(name)} ${score.toFixed(2)}</td>`
    })
    return `<tr><th>${escapeMarkup(query)}</th>${cells.join('')}</tr>`
  })
  const page = `<!doctype html><meta charset="utf-8"><title>Answers</title><table>${rows.join('\n')}</table>\n`
  await writeFile(path, page)
}

function sourceOf({ image }: Picture): string {
  return 'svg' in image
    ? `data:image/svg+xml;base64,${Buffer.from(image.svg).toString('base64')}`
    : pathToFileURL(image.path).href
}

function escapeMarkup(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
