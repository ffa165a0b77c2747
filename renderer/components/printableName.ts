/** Names of files as they may be shown: what would be invisible or turn the text around is marked. */

// Control characters, and those that change the direction of text.
const hidden = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu

export function printableName(name: string): string {
  return name.replace(hidden, '\u{fffd}')
}
