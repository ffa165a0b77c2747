/** Notices what is written below a folder. */

export interface FolderWatch {
  dispose(): Promise<void>
}

/** What is still being written is not looked at: changes have to rest for so long. */
const restMs = 1_500
/** However much is written without a pause, it is looked at this often. */
const longestMs = 20_000

/**
 * Calls `onChange` once things have come to rest after a change below `path`.
 *
 * @throws the system's error where nothing can be watched, such as a limit on watches
 */
export async function watchFolder(
  path: string,
  onChange: () => void,
  onError: (error: Error) => void,
): Promise<FolderWatch> {
  // Only hosts that stay watch folders, and not before the window has been drawn.
  const { subscribe } = await import('@parcel/watcher')
  let firstAtMs: number | null = null
  let timer: NodeJS.Timeout | null = null
  const fire = () => {
    firstAtMs = null
    timer = null
    onChange()
  }
  const subscription = await subscribe(path, (error) => {
    if (error) {
      onError(error)
      return
    }
    firstAtMs ??= Date.now()
    if (timer) clearTimeout(timer)
    const left = Math.max(0, firstAtMs + longestMs - Date.now())
    timer = setTimeout(fire, Math.min(restMs, left))
  })
  return {
    async dispose() {
      if (timer) clearTimeout(timer)
      await subscription.unsubscribe()
    },
  }
}
