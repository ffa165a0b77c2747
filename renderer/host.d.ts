/** What the desktop host's preload puts into the page. */
import type { HostBridge } from '../shared/hostBridge.js'

declare global {
  interface Window {
    /** Undefined in a browser. */
    readonly semblanceHost?: HostBridge
  }
}
