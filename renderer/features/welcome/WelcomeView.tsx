/** The first start. */
export function WelcomeView() {
  return null
}
