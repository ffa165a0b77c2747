/** What a query found. */
export function SearchView() {
  return null
}
