/**
 * The fuses in Electron's binary, which decide what a packed app can be made to do. They stand behind a
 * mark, their version and their number, a character each (electronjs.org/docs/latest/tutorial/fuses).
 */

const mark = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX')
const version = 1
const [off, on] = ['0', '1']

/** In the binary's order. */
const fuses: readonly { readonly what: string; readonly wanted: boolean }[] = [
  { what: 'running as plain Node', wanted: false },
  { what: 'encrypting cookies', wanted: true },
  { what: 'reading NODE_OPTIONS', wanted: false },
  { what: 'being inspected', wanted: false },
  { what: 'checking the archive', wanted: true },
  { what: 'loading the app from its archive alone', wanted: true },
  { what: 'a snapshot of its own for the main process', wanted: false },
  { what: 'more rights for pages from files', wanted: false },
]

/** What stands in for the binary: every fuse is the wrong way round, so that none is right by itself. */
export function binaryToFlip(): Buffer {
  const wrong = fuses.map(({ wanted }) => (wanted ? off : on)).join('')
  return Buffer.concat([mark, Buffer.from([version, fuses.length]), Buffer.from(wrong)])
}

/** @param binary after the packer has flipped its fuses */
export function findWrongFuses(binary: Buffer): string[] {
  const start = binary.indexOf(mark) + mark.length + 2
  const found = binary.toString('latin1', start, start + fuses.length)
  return fuses.flatMap(({ what, wanted }, i) => {
    const right = found[i] === (wanted ? on : off)
    return right ? [] : [`the fuse for ${what} is not ${wanted ? 'on' : 'off'}`]
  })
}
