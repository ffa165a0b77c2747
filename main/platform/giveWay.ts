/** Threads that give way to others of the process. */
import { readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { basename } from 'node:path'

/** Linux has a priority for each thread; elsewhere there is only that of the process. */
export const threadsGiveWay = process.platform === 'linux'

/**
 * The calling thread, and those that it starts from now on, get the processor only where others leave
 * it. Nothing happens unless `threadsGiveWay`.
 */
export function giveWay(): void {
  if (!threadsGiveWay) return
  try {
    const thread = Number(basename(readlinkSync('/proc/thread-self')))
    setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // A sandbox without /proc: it goes on as any other thread.
  }
}
