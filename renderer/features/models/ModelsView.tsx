/** The models there are. */
export function ModelsView() {
  return null
}
