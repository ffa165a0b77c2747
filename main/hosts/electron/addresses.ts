/** The window's own address; no other page is ever shown in it. */

export const scheme = 'app'
export const startPage = `${scheme}://semblance/`

/** Whether an address belongs to the window's own pages. */
export function isOwnAddress(address: string): boolean {
  const parsed = URL.parse(address)
  return parsed?.protocol === `${scheme}:` && parsed.host === 'semblance'
}
