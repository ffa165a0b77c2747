/** The same pictures at the same places on a page that does nothing else: how fast this browser can scroll. */
import type { PlacedPicture } from './pageWatch.js'

/** HTML that `pageWatch` measures as it measures the app. */
export function plainPage(pictures: readonly PlacedPicture[]): string {
  const height = Math.max(...pictures.map((picture) => picture.top + picture.height))
  const tiles = pictures.map(({ source, left, top, width, height }, number) => {
    const place = `left:${left}px;top:${top}px;width:${width}px;height:${height}px`
    return `<div data-photo="${number}" style="position:absolute;${place}"><img src="${source}" style="width:100%;height:100%"></div>`
  })
  // Opaque, or the compositor would wait for the page here, too.
  const frame = 'position:fixed;inset:0;overflow:auto;background:white'
  return `<!doctype html><body><div role="grid" style="${frame}"><div style="height:${height}px">${tiles.join('')}</div></div>`
}
