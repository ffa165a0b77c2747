/** Cuts text into words the way CLIP does: normalised, lower case, letters apart from signs. */

/** CLIP's pattern: English endings, runs of letters, single digits, runs of anything else. */
export const wordPattern = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+"

/** Kana and the characters that Chinese and Japanese share: no spaces stand between their words. */
const unspaced = 'ぁ-ヿ㐀-䶿一-鿿'
const unspacedWord = new RegExp(`^[${unspaced}]+$`, 'u')

export function isUnspaced(word: string): boolean {
  return unspacedWord.test(word)
}

/**
 * CLIP's pattern, save that of writing without spaces the longest of `words` is cut out that begins
 * where the last one ended, or else one character.
 */
export function wordPatternFor(words: Iterable<string>): string {
  const known = [...new Set(words)].filter(isUnspaced)
  if (known.length === 0) return wordPattern
  known.sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
  const spaced = `(?:(?![${unspaced}])\\p{L})+`
  return [
    `(?=[${unspaced}])(?:${known.join('|')}|.)`,
    wordPattern.replace('[\\p{L}]+', spaced),
  ].join('|')
}

/**
 * Gives the words of a text in order, equal to what the normalizer and splitter in tokenizer.json
 * do that has this pattern.
 */
export function wordSplitter(pattern: string): (text: string) => string[] {
  const word = new RegExp(pattern, 'gu')
  return (text) => text.normalize('NFC').replace(/\s+/gu, ' ').toLowerCase().match(word) ?? []
}

/** The words of `text` by CLIP's own pattern. */
export const splitWords = wordSplitter(wordPattern)
