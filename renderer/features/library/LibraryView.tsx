/** All photos, by date. */
export function LibraryView() {
  return null
}
