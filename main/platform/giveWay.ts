/** Threads that give way to others of the process. */
import { readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { basename } from 'node:path'

/**
 * The calling thread, and those that it starts from now on, get the processor only where others leave
 * it. On Linux, where each thread has a priority; elsewhere nothing happens.
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return
  try {
    const thread = Number(basename(readlinkSync('/proc/thread-self')))
    setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // A sandbox without /proc: it goes on as any other thread.
  }
}
