/** The byte-level alphabet of GPT-2 and CLIP: one printable character for each byte. */

/**
 * Printable Latin-1 bytes stand for themselves and come first; the others get the characters from
 * U+0100 on. The order decides the ids of the first 512 tokens.
 */
export const byteOrder: readonly number[] = orderBytes()

/** The character of each byte. */
export const characterOfByte: readonly string[] = assignCharacters()

const encoder = new TextEncoder()

/** The UTF-8 bytes of `text`, each as its character. */
export function toByteCharacters(text: string): string {
  let characters = ''
  for (const byte of encoder.encode(text)) characters += characterOfByte[byte]
  return characters
}

function isPrintable(byte: number): boolean {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
}

function orderBytes(): number[] {
  const bytes = Array.from({ length: 256 }, (_, byte) => byte)
  return [...bytes.filter(isPrintable), ...bytes.filter((byte) => !isPrintable(byte))]
}

function assignCharacters(): string[] {
  const characters: string[] = []
  let next = 0x100
  for (const byte of byteOrder) {
    characters[byte] = String.fromCharCode(isPrintable(byte) ? byte : next++)
  }
  return characters
}
