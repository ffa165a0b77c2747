/** Lets one session at a time use the graphics device, whichever threads of the process they are in. */
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'

/**
 * [Note: one at a time] Two threads that run sessions on the graphics device at once take the
 * process down: onnxruntime's WebGPU provider has one command encoder for all of them (seen with
 * onnxruntime-node 1.30). So each creation, run and release waits for its turn: within the thread
 * by `last`, among threads by `turn`, which Node hands to each thread that is started from here.
 */
const turn = new Int32Array(sharedTurn())
let last: Promise<unknown> = Promise.resolve()

function sharedTurn(): SharedArrayBuffer {
  const key = 'semblance: turn on the graphics device'
  const known: unknown = getEnvironmentData(key)
  if (known instanceof SharedArrayBuffer) return known
  const made = new SharedArrayBuffer(4)
  setEnvironmentData(key, made)
  return made
}

/** Does the work once no other session is using the device; the thread blocks while another does. */
export function inDeviceTurn<T>(work: () => Promise<T>): Promise<T> {
  const result = last.then(async () => {
    while (Atomics.compareExchange(turn, 0, 0, 1) !== 0) Atomics.wait(turn, 0, 1)
    try {
      return await work()
    } finally {
      Atomics.store(turn, 0, 0)
      Atomics.notify(turn, 0, 1)
    }
  })
  last = result.catch(() => {})
  return result
}
