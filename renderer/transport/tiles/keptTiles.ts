/** Tiles that were seen, the last ones last: a browser keeps only what has an address of its own. */

/** Some thousands of tiles. */
const mostCharacters = 64e6

const sources = new Map<string, string>()
let characters = 0

export function keepTile(key: string, source: string): void {
  forget(key)
  sources.set(key, source)
  characters += source.length
  for (const oldest of sources.keys()) {
    if (characters <= mostCharacters) break
    forget(oldest)
  }
}

/** The address of its picture, if it is kept; then it is the last one to go. */
export function keptTile(key: string): string | undefined {
  const source = sources.get(key)
  if (source === undefined) return undefined
  sources.delete(key)
  sources.set(key, source)
  return source
}

function forget(key: string): void {
  characters -= sources.get(key)?.length ?? 0
  sources.delete(key)
}
