/** Typed calls into a worker thread: the caller's promise, the worker's function, errors as they were. */
import { parentPort, type Transferable, Worker, workerData } from 'node:worker_threads'
import { fromWireError, toWireError, type WireError } from '../../shared/errors.js'

/** The functions that a worker serves, by name; each takes one argument that can be cloned. */
// biome-ignore lint/suspicious/noExplicitAny: only `any` lets every concrete table of functions fit; the types come back in `call`
export type Calls = Record<string, (argument: any) => unknown>

/** By itself each thread takes three times as much for what lives shortly, and keeps it. */
const youngGenerationMegabytes = 16

/** A worker thread as its owner sees it. */
export interface WorkerThread<C extends Calls> {
  /**
   * Calls a function of the worker. Calls start in the order they are made.
   *
   * @param transfer buffers that move to the worker, and are empty here afterwards
   * @throws what the function threw; an Error if the worker stops before it has answered
   */
  call<K extends keyof C & string>(
    name: K,
    argument: Parameters<C[K]>[0],
    transfer?: readonly Transferable[],
  ): Promise<Awaited<ReturnType<C[K]>>>
  /**
   * Rejects the calls that still wait, and ends the thread as soon as the call it is at returns.
   *
   * [Note: no terminate] The thread is asked to end and never terminated: a native function that
   * returns into a terminated thread takes the whole process down (seen with onnxruntime-node).
   */
  dispose(): Promise<void>
}

/** An answer whose buffers move to the caller instead of being copied. */
class Moved {
  readonly value: unknown
  readonly buffers: readonly Transferable[]

  constructor(value: unknown, buffers: readonly Transferable[]) {
    this.value = value
    this.buffers = buffers
  }
}

/** Marks the answer of a served function: `buffers`, part of `value`, move to the caller. */
export function moved<T>(value: T, buffers: readonly Transferable[]): T {
  // The caller receives `value` itself, so that is the type the function is seen to have.
  return new Moved(value, buffers) as unknown as T
}

/** What a worker is started with; `stopping` holds one Int32, 1 once it shall end. */
interface Start {
  readonly data: unknown
  readonly stopping: SharedArrayBuffer
}
type Request = { readonly id: number; readonly name: string; readonly argument: unknown } | 'close'
type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: WireError }

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

/**
 * Starts a worker thread from a compiled file (see `resolveEntry`) that ends in `serveCalls`.
 *
 * @param name what the thread is for, as errors tell it
 * @param data handed to the file's `serveCalls`
 */
export function startWorker<C extends Calls>(
  name: string,
  entry: URL,
  data?: unknown,
  transfer: readonly Transferable[] = [],
): WorkerThread<C> {
  const stopping = new Int32Array(new SharedArrayBuffer(4))
  const start: Start = { data, stopping: stopping.buffer as SharedArrayBuffer }
  const worker = new Worker(entry, {
    name,
    workerData: start,
    transferList: [...transfer],
    resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMegabytes },
  })
  const exited = new Promise((resolve) => worker.once('exit', resolve))
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let ended: Error | null = null

  const end = (error: Error) => {
    ended ??= error
    for (const call of waiting.values()) call.reject(ended)
    waiting.clear()
  }
  worker.on('message', (reply: Reply) => {
    const call = waiting.get(reply.id)
    waiting.delete(reply.id)
    if ('error' in reply) call?.reject(fromWireError(reply.error))
    else call?.resolve(reply.value)
  })
  worker.on('error', (cause) => end(new Error(`the ${name} thread crashed`, { cause })))
  worker.on('exit', (code) => end(new Error(`the ${name} thread stopped (exit code ${code})`)))

  return {
    call: (method, argument, buffers = []) =>
      new Promise((resolve, reject) => {
        if (ended) throw ended
        const id = ++lastId
        worker.postMessage({ id, name: method, argument } satisfies Request, [...buffers])
        waiting.set(id, { resolve: resolve as Waiting['resolve'], reject })
      }),
    dispose: async () => {
      end(new Error(`the ${name} thread was disposed of`))
      Atomics.store(stopping, 0, 1)
      worker.postMessage('close' satisfies Request)
      await exited
    },
  }
}

/** What a worker offers once it is open. */
export interface Served<C extends Calls> {
  readonly calls: C
  /** Frees what the calls use; runs once, when the thread is about to end. */
  readonly close?: () => unknown
}

/**
 * The worker's side: answers calls with the functions that `open` makes from the starter's data.
 * If `open` fails, every call is answered with its error.
 *
 * @param open gets besides the data a question that long calls ask now and then: whether to stop
 */
export function serveCalls<C extends Calls>(
  open: (data: unknown, isStopping: () => boolean) => Served<C> | Promise<Served<C>>,
): void {
  const port = parentPort
  if (port === null) throw new Error('this file is the entry of a worker thread')
  const { data, stopping } = workerData as Start
  const flag = new Int32Array(stopping)
  const isStopping = () => Atomics.load(flag, 0) === 1
  const opened = Promise.resolve(data).then((given) => open(given, isStopping))
  // Each call reports the failure; without a handler the first one would end the thread instead.
  opened.catch(() => {})
  const running = new Set<Promise<void>>()

  const answer = async (id: number, name: string, argument: unknown) => {
    try {
      const { calls } = await opened
      // Its caller has been told already.
      if (isStopping()) return
      const result = await calls[name]!(argument)
      const { value, buffers } = result instanceof Moved ? result : new Moved(result, [])
      port.postMessage({ id, value } satisfies Reply, [...buffers])
    } catch (error) {
      port.postMessage({ id, error: toWireError(error) } satisfies Reply)
    }
  }
  port.on('message', async (request: Request) => {
    if (request !== 'close') {
      const call = answer(request.id, request.name, request.argument)
      running.add(call)
      await call
      running.delete(call)
      return
    }
    await Promise.all(running)
    await opened.then((served) => served.close?.()).catch(() => {})
    process.exit()
  })
}
