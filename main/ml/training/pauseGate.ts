/** Lets one side hold up a loop that runs on the other. */

/** A gate the training loop passes before each step. */
export interface PauseGate {
  readonly paused: boolean
  pause(): void
  resume(): void
  /** Settles once the gate is open or `signal` has aborted. */
  waitUntilOpen(signal: AbortSignal): Promise<void>
}

/** An open gate. */
export function createPauseGate(): PauseGate {
  let open: (() => void) | null = null
  let opened = Promise.resolve()
  return {
    get paused() {
      return open !== null
    },
    pause() {
      if (open === null) opened = new Promise((resolve) => (open = resolve))
    },
    resume() {
      open?.()
      open = null
    },
    async waitUntilOpen(signal) {
      if (signal.aborted) return
      let leave = () => {}
      const aborted = new Promise<void>((resolve) => (leave = resolve))
      signal.addEventListener('abort', leave, { once: true })
      await Promise.race([opened, aborted])
      signal.removeEventListener('abort', leave)
    },
  }
}
