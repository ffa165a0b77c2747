/** What no page may do, whatever it holds: leave, open windows, ask the system or the network. */
import type { App, Session, WebContents } from 'electron'
import { isOwnAddress } from './addresses.js'

/** Besides its own, a page has addresses that lead nowhere; developer tools are Electron's own. */
const harmlessSchemes = ['blob:', 'data:', 'devtools:']

export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isAllowed(url) }))
  session.on('will-download', (event) => event.preventDefault())
  // It would fetch dictionaries.
  session.setSpellCheckerEnabled(false)
}

/** Applies to every page there will ever be. */
export function lockPages(app: App): void {
  app.on('web-contents-created', (_event, contents) => lockPage(contents))
}

function lockPage(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.on('will-navigate', keepAtHome)
  contents.on('will-frame-navigate', keepAtHome)
  contents.on('will-redirect', keepAtHome)
}

/** A file that is dropped beside its target would otherwise be opened, too. */
function keepAtHome(event: { readonly url: string; preventDefault(): void }): void {
  if (!isOwnAddress(event.url)) event.preventDefault()
}

function isAllowed(address: string): boolean {
  return isOwnAddress(address) || harmlessSchemes.some((one) => address.startsWith(one))
}
