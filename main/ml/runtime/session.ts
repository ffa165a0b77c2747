/** What a session is, whichever thread it runs in: feeds in, fetches out. */
import type { TensorData } from '../onnx/graph.js'

/** Where a graph runs. `auto` takes the platform's best provider that works. */
export type Device = 'cpu' | 'webgpu' | 'auto'

export interface SessionOptions {
  readonly device: Device
  /** Threads inside one operator; 0 lets onnxruntime choose. */
  readonly threads: number
  /** Off where input shapes vary much, so that memory does not pile up. */
  readonly memoryPattern?: boolean
  readonly arena?: boolean
  /** How much onnxruntime rewrites the graph on opening; `all` if left out. */
  readonly optimization?: 'disabled' | 'basic' | 'extended' | 'all'
  /**
   * Whether idle threads of the session burn CPU while they wait for the next operator. On where
   * nothing else runs, as in training (the default of `openSession`); off where others need the
   * cores (the default of `openSessionInWorker`).
   */
  readonly spinning?: boolean
  /** Hears the sentence for the user when `auto` falls back to the CPU, on opening or later. */
  readonly onNotice?: (notice: string) => void
}

/** Tensors by value name. */
export type Tensors = Record<string, TensorData>

/**
 * A loaded graph. Made by `openSession` (same thread, for processes that may block) or
 * `openSessionInWorker` (a thread of its own, for the engine).
 */
export interface Session {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  /** The provider in use after any fallback; a run that fails on the graphics device changes it. */
  readonly device: Exclude<Device, 'auto'>
  /** One sentence for the user when `auto` had to fall back. */
  readonly notice?: string | undefined
  /**
   * Runs the graph. Where `auto` took the graphics device and it fails, by an operator it cannot run
   * or for want of memory, the session goes over to the CPU and the run is made again there.
   *
   * @param fetches outputs wanted, all if left out
   */
  run(feeds: Tensors, fetches?: readonly string[]): Promise<Tensors>
  dispose(): Promise<void>
}

/** Outputs of a run that are written into arrays the caller already has. */
export interface InPlaceOutputs {
  /**
   * Where outputs go, by name; shapes must be the outputs' own. An array may be fed and written in
   * the same run, as long as the graph makes that output from that input element by element.
   */
  readonly fetchInto: Tensors
  /** Further outputs, returned in fresh arrays. */
  readonly fetches?: readonly string[]
}

/** A session in the calling thread, which can also update tensors where they lie. */
export interface InPlaceSession extends Session {
  /** Runs the graph once, blocking the thread; returns the tensors of `fetches` alone. */
  runInPlace(feeds: Tensors, outputs: InPlaceOutputs): Promise<Tensors>
}
