/** The captioned photographs as pictures of the corpus. */
import { join } from 'node:path'
import { sourceFolder } from '../folders.js'
import { type CaptionedPhotograph, captionedPhotographs } from './captionedPhotographs.js'
import { type Picture, plainWords } from './picture.js'

/** In the list's order. */
export function readCaptionedPhotographs(): Picture[] {
  return captionedPhotographs.map((photograph) => {
    const name = withoutArticle(photograph.caption)
    return {
      id: `captioned/${photograph.package}/${photograph.file}`,
      collection: 'captioned',
      image: { path: captionedPath(photograph) },
      concept: name,
      name,
      aliases: [],
      keywords: photograph.others.map(withoutArticle),
      kinds: ['a photograph'],
    }
  })
}

export function captionedPath({ package: source, file }: CaptionedPhotograph): string {
  return join(sourceFolder(source), 'usr', file)
}

function withoutArticle(text: string): string {
  return plainWords(text).replace(/^(an?|the) /, '')
}
