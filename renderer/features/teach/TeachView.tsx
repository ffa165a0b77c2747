/** Learning from the library. */
export function TeachView() {
  return null
}
