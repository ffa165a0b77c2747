/** Reads an answer with many tiles while it arrives. */

export interface ReadTile {
  readonly photo: number
  /** The address of its picture; null if there is none to be had. */
  readonly source: string | null
}

/** @param body lines of a photo's number and, after a space, its picture's address */
export async function* readTiles(body: ReadableStream<Uint8Array>): AsyncGenerator<ReadTile> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let begun = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    const lines = (begun + decoder.decode(value, { stream: true })).split('\n')
    begun = lines.pop()!
    for (const line of lines) {
      const [photo, source = null] = line.split(' ')
      yield { photo: Number(photo), source }
    }
  }
}
