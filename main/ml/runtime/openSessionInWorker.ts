/** Opens a session in a worker thread of its own, so that its runs do not block the caller. */
import { resolveEntry } from '../../platform/entries.js'
import { startWorker } from '../../platform/workerCalls.js'
// Before any thread is started, so that all of them take turns.
import './deviceTurns.js'
import type { Session, SessionOptions, Tensors } from './session.js'
import { prepareTransfer } from './transfer.js'

export interface WorkerSessionOptions extends Omit<SessionOptions, 'onNotice'> {
  /**
   * What happens to the arrays that are fed. Copied (the default), they stay the caller's. Moved,
   * they are empty afterwards, which saves the copy; an array that is only part of its buffer is
   * copied all the same.
   */
  readonly transfer?: boolean
  /** Whether its threads give way to all others of the process. */
  readonly background?: boolean
}

/** What the worker needs to open its session. */
export interface SessionRequest {
  readonly model: Uint8Array | string
  readonly options: SessionOptions
  readonly background: boolean
}

/** A session's facts, as the worker reports them. */
export type SessionFacts = Pick<Session, 'inputNames' | 'outputNames' | 'device' | 'notice'>

/** What a run gives, and what runs it after any fallback. */
interface RunReply extends Pick<Session, 'device' | 'notice'> {
  readonly tensors: Tensors
}

/** The functions that sessionWorker.ts serves. */
export type SessionCalls = {
  describe(argument: null): SessionFacts
  run(argument: { feeds: Tensors; fetches: readonly string[] | undefined }): Promise<RunReply>
}

/**
 * Opens a model in a thread of its own. Runs queue there in the order they are made; `dispose` ends
 * the thread and rejects runs that still wait.
 *
 * @throws the errors of `openSession`
 */
export async function openSessionInWorker(
  model: Uint8Array | string,
  { transfer = false, background = false, ...options }: WorkerSessionOptions,
): Promise<Session> {
  // Idle threads that spin would take the cores from the work between two runs; measured, a run is
  // no slower without.
  const request: SessionRequest = { model, options: { spinning: false, ...options }, background }
  const entry = resolveEntry(import.meta.url, './sessionWorker.js')
  const worker = startWorker<SessionCalls>('model', entry, request)
  try {
    const { inputNames, outputNames, ...opened } = await worker.call('describe', null)
    let { device, notice } = opened
    return {
      inputNames,
      outputNames,
      get device() {
        return device
      },
      get notice() {
        return notice
      },
      run: async (feeds, fetches) => {
        const { tensors, buffers } = prepareTransfer(feeds, !transfer)
        const reply = await worker.call('run', { feeds: tensors, fetches }, buffers)
        ;({ device, notice } = reply)
        return reply.tensors
      },
      dispose: () => worker.dispose(),
    }
  } catch (error) {
    await worker.dispose()
    throw error
  }
}
