/** Loaded into the app's process before its own code: tells the benchmark what the process is like. */
import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

/** The answer to any message. */
export interface ProcessState {
  /** The longest time since the last answer for which the event loop did not turn. */
  readonly longestBlockMs: number
  readonly rssBytes: number
  /** The most that it ever was; 0 where the system does not tell. */
  readonly peakRssBytes: number
}

const resolutionMs = 2

// Worker threads load it too, and forked processes of the app, which nobody asks.
if (isMainThread && process.send !== undefined) {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs })
  delays.enable()
  process.on('message', () => {
    const longestBlockMs = Math.max(0, delays.max / 1e6 - resolutionMs)
    delays.reset()
    const state = { longestBlockMs, rssBytes: process.memoryUsage.rss(), peakRssBytes: peakRss() }
    process.send?.(state satisfies ProcessState)
  })
  // Being asked is no reason to stay.
  process.channel?.unref()
}

function peakRss(): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    return 1024 * Number(kilobytes ?? 0)
  } catch {
    return 0
  }
}
