/** Work in the background. */
export function JobsTray() {
  return null
}
