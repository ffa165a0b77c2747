/** What the desktop host offers the page beyond the contract; a browser offers nothing of it. */

/** A command of the application's menu, carried out by the page. */
export type HostCommand = 'add folder' | 'find' | 'settings' | 'shortcuts' | 'palette'

export interface HostBridge {
  readonly kind: 'electron'
  readonly platform: string
  /** Asks for the engine's port; it comes as a message "semblance:engine", again after a restart. */
  connect(): void
  /** Handles of the folders that the person chose in the system's dialog; none if it was closed. */
  chooseFolders(): Promise<string[]>
  /** Handle of the zip archive that the person chose. */
  chooseArchive(): Promise<string | null>
  /** Shows a photo's file in the system's file manager. */
  reveal(photoId: number): Promise<void>
  /** Begins to drag photos' files to another program. */
  startDrag(photoIds: readonly number[]): void
  onCommand(listener: (command: HostCommand) => void): () => void
}
