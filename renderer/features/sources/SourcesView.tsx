/** The folders and their state. */
export function SourcesView() {
  return null
}
