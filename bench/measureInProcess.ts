/** Measures a case of the training step in a process of its own, so that its memory is its own. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { resolveEntry } from '../main/platform/entries.js'
import type { Row } from './benchmark.js'
import type { TrainStepRequest } from './measureTrainStep.js'

export function measureInProcess(request: TrainStepRequest): Promise<Row> {
  const entry = fileURLToPath(resolveEntry(import.meta.url, './trainStepProcess.js'))
  const child = fork(entry, [], { execArgv: [] })
  return new Promise((resolve, reject) => {
    child.once('message', (row) => resolve(row as Row))
    child.once('error', reject)
    child.once('exit', (code, signal) =>
      reject(new Error(`${request.name}: the process ended (${signal ?? `exit code ${code}`})`)),
    )
    child.send(request)
  })
}
