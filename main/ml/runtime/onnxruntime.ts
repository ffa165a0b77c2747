/** onnxruntime, loaded by the first session: the engine's own thread holds none. */
import { createRequire } from 'node:module'
import type * as Runtime from 'onnxruntime-node'

const require = createRequire(import.meta.url)
let loaded: typeof Runtime | null = null

export function onnxruntime(): typeof Runtime {
  if (loaded !== null) return loaded
  loaded = require('onnxruntime-node') as typeof Runtime
  // Whatever it would print as an error is thrown as well.
  loaded.env.logLevel = 'fatal'
  return loaded
}
