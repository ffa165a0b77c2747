/** Entry of the trainer process: takes commands from its parent, runs one training, reports. */
import type { TrainingEvent } from '../../../shared/domain/training.js'
import { AppError, isAppError, toWireError } from '../../../shared/errors.js'
import { type TrainerCommand, type TrainerReport, trainerCommandSchema } from './messages.js'
import { createPauseGate } from './pauseGate.js'
import { runTraining } from './runTraining.js'
import { throttleEvents } from './throttleEvents.js'

const gate = createPauseGate()
const stopping = new AbortController()

process.on('message', (message) => {
  const command = trainerCommandSchema.parse(message)
  switch (command.type) {
    case 'start':
      return void train(command)
    case 'pause':
      return gate.pause()
    case 'resume':
      return gate.resume()
    case 'cancel':
      return stopping.abort(cancelled())
  }
})
// The parent is gone: save, and end.
process.on('disconnect', () => stopping.abort(cancelled()))
// A terminal sends its interrupt to the whole group; the parent decides what becomes of it.
process.on('SIGINT', () => {})

type StartCommand = Extract<TrainerCommand, { type: 'start' }>

async function train({ workFolder, saveEveryMs }: StartCommand): Promise<void> {
  const onEvent = throttleEvents((event: TrainingEvent) => void report({ type: 'event', event }))
  try {
    await runTraining(workFolder, { signal: stopping.signal, gate, onEvent, saveEveryMs })
    await report({ type: 'finished' })
  } catch (error) {
    if (!isAppError(error)) console.error(error)
    await report({ type: 'failed', error: toWireError(error) })
  }
  // Threads and native sessions may still be open; everything that matters is on the disk.
  process.exit(0)
}

/** Settles when the message has left, or when nobody is there to take it. */
function report(message: TrainerReport): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected || process.send === undefined) return resolve()
    process.send(message, () => resolve())
  })
}

function cancelled(): AppError {
  return new AppError('CANCELLED', { what: 'The training' })
}
