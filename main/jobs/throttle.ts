/** Holds frequent events back to a rate; the latest is never lost. */

export interface Throttle<T> {
  push(value: T): void
  /** Emits at once what is held back. */
  flush(): void
}

/** Emits the first value at once and then at most one each `intervalMs`, always the newest. */
export function createThrottle<T>(intervalMs: number, emit: (value: T) => void): Throttle<T> {
  let held: { value: T } | null = null
  let timer: NodeJS.Timeout | null = null

  function release(): void {
    timer = null
    if (!held) return
    const { value } = held
    held = null
    timer = setTimeout(release, intervalMs)
    emit(value)
  }

  return {
    push(value) {
      held = { value }
      if (!timer) release()
    },
    flush() {
      if (timer) clearTimeout(timer)
      timer = null
      if (!held) return
      const { value } = held
      held = null
      emit(value)
    },
  }
}
