/** What can be set. */
export function SettingsView() {
  return null
}
