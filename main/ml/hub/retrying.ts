/** Tries again what failed for a reason that may pass: a cut connection, a busy hub. */
import { setTimeout as delay } from 'node:timers/promises'
import { AppError, isAppError } from '../../../shared/errors.js'
import { systemErrorCode } from '../../platform/fileErrors.js'
import { type Answer, describeFailure } from '../../platform/net/web.js'

export interface Patience {
  /** Tries in a row that may bring nothing. */
  readonly attempts: number
  /** Pause before the second try; each further one is twice as long. */
  readonly pauseMs: number
}

export const usualPatience: Patience = { attempts: 6, pauseMs: 1_000 }
const longestPauseMs = 30_000

/** A failure that may pass, with how long the hub wants to be left alone. */
export class PassingFailure extends Error {
  override readonly name = 'PassingFailure'
  readonly pauseMs: number | null

  constructor(reason: string, pauseMs: number | null = null) {
    super(reason)
    this.pauseMs = pauseMs
  }
}

/**
 * Runs `work` until it succeeds. A try that tells of progress sets the count of failures back.
 *
 * @throws AppError HUB_UNREACHABLE after too many tries; at once what will not pass
 */
export async function retrying<T>(
  address: string,
  { attempts, pauseMs }: Patience,
  signal: AbortSignal,
  work: (onProgress: () => void) => Promise<T>,
): Promise<T> {
  for (let failures = 0; ; ) {
    try {
      return await work(() => {
        failures = 0
      })
    } catch (error) {
      signal.throwIfAborted()
      if (!mayPass(error)) throw error
      failures++
      if (failures >= attempts) {
        throw new AppError(
          'HUB_UNREACHABLE',
          { address, reason: describeFailure(error) },
          { cause: error },
        )
      }
      const wanted = error instanceof PassingFailure ? error.pauseMs : null
      const pause = Math.min(longestPauseMs, wanted ?? pauseMs * 2 ** (failures - 1))
      await delay(pause, undefined, { signal })
    }
  }
}

/** Errors of connections have codes of the system's or of undici's; a disk's have others. */
const passingCodes =
  /^(UND_ERR_|ECONN|ENOTFOUND$|EAI_AGAIN$|EPIPE$|ETIMEDOUT$|ENETUNREACH$|EHOSTUNREACH$)/

function mayPass(error: unknown): boolean {
  if (error instanceof PassingFailure) return true
  return !isAppError(error) && passingCodes.test(systemErrorCode(error) ?? '')
}

/** @throws PassingFailure or AppError HUB_REFUSED unless the hub gives what was asked for */
export function requireGiven({ status, headers, discard }: Answer, address: string): void {
  if (status >= 200 && status < 300) return
  discard()
  if (status >= 500 || status === 429 || status === 408 || status === 416) {
    const seconds = Number(headers['retry-after'])
    const pauseMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : null
    throw new PassingFailure(`status ${status}`, pauseMs)
  }
  throw new AppError('HUB_REFUSED', { address, status })
}
