/** Cuts text into words the way CLIP does: normalised, lower case, letters apart from signs. */

/** CLIP's pattern: English endings, runs of letters, single digits, runs of anything else. */
export const wordPattern = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+"

const word = new RegExp(wordPattern, 'gu')

/** The words of `text` in order. Equal to what the normalizer and splitter in tokenizer.json do. */
export function splitWords(text: string): string[] {
  return text.normalize('NFC').replace(/\s+/gu, ' ').toLowerCase().match(word) ?? []
}
