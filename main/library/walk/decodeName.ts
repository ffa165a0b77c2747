/** Names of files as text, also those whose bytes are none. */

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export interface DecodedName {
  /** The name, its stray bytes written as `\xNN`. */
  readonly name: string
  /** Whether the file can be opened by this name. */
  readonly exact: boolean
}

/** The text of a name's bytes; systems other than Windows allow any bytes but zero and slash. */
export function decodeName(bytes: Uint8Array): DecodedName {
  try {
    return { name: utf8.decode(bytes), exact: true }
  } catch {
    return { name: escapeStrayBytes(bytes), exact: false }
  }
}

function escapeStrayBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, '0')}`,
  ).join('')
}
