/** Every command by name. */
export function CommandPalette() {
  return null
}
