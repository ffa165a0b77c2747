/** The one box for words, pictures and filters. */
export function SearchBox() {
  return null
}
