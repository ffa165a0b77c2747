/** The window's own address; no other page is ever shown in it. */

export const scheme = 'app'
export const startPage = `${scheme}://semblance/`

/** Whether an address belongs to the window's own pages. */
export function isOwnAddress(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, host } = new URL(address)
  return protocol === `${scheme}:` && host === 'semblance'
}
