/** Where files lie that others than Node read: native code knows nothing of the app's archive. */

/** `path` outside app.asar, where the packer put a copy; unchanged where nothing is packed. */
export function unpackedPath(path: string): string {
  return path.replace(/\bapp\.asar(?=[\\/])/, 'app.asar.unpacked')
}
