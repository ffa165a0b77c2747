/** What tests put into the stand-in and read from it. */
import type { Browser } from 'playwright-core'

export interface ShownMessage {
  readonly message: string
  readonly detail?: string
  readonly buttons?: readonly string[]
}

export interface MenuItem {
  readonly id?: string
  readonly label?: string
  readonly role?: string
  readonly submenu?: readonly MenuItem[]
  readonly click?: () => void
}

export const state = {
  /** The Chromium in which windows are shown. */
  browser: null as Browser | null,
  /** Runs in each page before its own scripts. */
  pageScript: '',
  /** Parent of all folders that the app asks the system for. */
  systemFolder: '',
  /** Whether this is the only instance. */
  onlyInstance: true,
  workArea: { x: 0, y: 0, width: 1920, height: 1080 },
  /** What the next file dialogs are answered with. */
  chosen: [] as string[][],
  /** Which buttons the next message boxes are answered with; without one they wait for ever. */
  pressed: [] as number[],
  shown: [] as ShownMessage[],
  revealed: [] as string[],
  dragged: [] as { file: string; files?: string[]; icon: unknown }[],
  menu: [] as readonly MenuItem[],
  /** Requests that the app let through to the network: there must be none. */
  reached: [] as string[],
}
