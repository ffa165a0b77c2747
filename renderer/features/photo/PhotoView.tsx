/** One photo, large. */
export function PhotoView() {
  return null
}
