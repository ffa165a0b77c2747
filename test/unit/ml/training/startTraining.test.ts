import { fork } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { getPriority } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { readCheckpoint } from '../../../../main/ml/training/checkpoint/checkpointFile.js'
import { createRandom } from '../../../../main/ml/training/random.js'
import { startTraining } from '../../../../main/ml/training/startTraining.js'
import { checkpointPath } from '../../../../main/ml/training/workFolder.js'
import { projectRoot } from '../../../../main/platform/entries.js'
import type { TrainingEvent } from '../../../../shared/domain/training.js'
import { isAppError } from '../../../../shared/errors.js'
import { createTinyRun, type TinyRun } from './tinyCollection.js'

const made: string[] = []
afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true })
})

async function tinyRun(...args: Parameters<typeof createTinyRun>): Promise<TinyRun> {
  const run = await createTinyRun(...args)
  made.push(run.folder)
  return run
}

/** Starts the run; `on` sees each event and may act on the run. */
function start(
  { workFolder }: TinyRun,
  on: (event: TrainingEvent, running: ReturnType<typeof startTraining>) => void = () => {},
) {
  const events: TrainingEvent[] = []
  const running = startTraining(
    { workFolder, saveEveryMs: 100 },
    {
      signal: new AbortController().signal,
      onEvent(event) {
        events.push(event)
        on(event, running)
      },
    },
  )
  return { running, events }
}

async function savedStep(workFolder: string): Promise<number> {
  const content = await readCheckpoint(checkpointPath(workFolder))
  return (content!.state as { position: { step: number } }).position.step
}

const weightsOf = ({ out }: TinyRun) => readFile(join(out, 'onnx/vision_model.onnx'))

/** Long enough to be interrupted, short enough for a test. */
const interruptible = { epochs: 150 }

describe('startTraining', () => {
  it('trains at lower priority, pauses with a checkpoint, goes on, and finishes', async () => {
    const run = await tinyRun(interruptible)
    const paused: number[] = []
    const { running, events } = start(run, (event, { pause, resume }) => {
      if (event.type === 'step' && paused.length === 0) pause()
      if (event.type !== 'paused') return
      paused.push(event.step)
      setTimeout(resume, 150)
    })
    expect(getPriority(running.pid)).toBeGreaterThan(getPriority())
    await running.result
    expect(paused).toHaveLength(1)
    const kinds = events.map((event) => event.type)
    expect(kinds[kinds.indexOf('paused') - 1]).toBe('checkpointed')
    expect(kinds.at(-1)).toBe('finished')
    expect(events.filter((event) => event.type === 'step').at(-1)).toMatchObject({ step: 450 })
  })

  it('saves when cancelled, and ends in the same model as without the break', async () => {
    const [run, whole] = [await tinyRun(interruptible), await tinyRun(interruptible)]
    let seen = 0
    const first = start(run, (event, { cancel }) => {
      if (event.type !== 'step') return
      seen = event.step
      cancel()
    })
    await expect(first.running.result).rejects.toSatisfy((e) => isAppError(e, 'CANCELLED'))
    expect(await savedStep(run.workFolder)).toBeGreaterThanOrEqual(seen)
    await start(run).running.result
    await start(whole).running.result
    expect((await weightsOf(run)).equals(await weightsOf(whole))).toBe(true)
  })

  it('survives being killed at any moment, as often as it happens', async () => {
    const [run, whole] = [await tinyRun(interruptible), await tinyRun(interruptible)]
    await start(whole).running.result
    const random = createRandom(11)
    const resumedAt: (number | null)[] = []
    for (let kill = 0; kill < 4; kill++) {
      let eventsLeft = random.integer(10)
      const { running } = start(run, (event) => {
        if (event.type === 'started') resumedAt.push(event.resumedAtStep)
        if (eventsLeft-- !== 0) return
        setTimeout(() => process.kill(running.pid, 'SIGKILL'), random.between(0, 120))
      })
      const error: unknown = await running.result.catch((e: unknown) => e)
      expect(isAppError(error, 'TRAINER_CRASHED')).toBe(true)
    }
    expect(resumedAt.some((step) => step !== null && step > 0)).toBe(true)
    await start(run).running.result
    expect((await weightsOf(run)).equals(await weightsOf(whole))).toBe(true)
  })

  it('names the checkpoint of a crashed trainer', async () => {
    const run = await tinyRun({ epochs: 100_000 })
    const { running } = start(run, (event, { pause }) => {
      if (event.type === 'step') pause()
      if (event.type === 'paused') process.kill(running.pid, 'SIGKILL')
    })
    await expect(running.result).rejects.toMatchObject({
      code: 'TRAINER_CRASHED',
      data: { reason: 'signal SIGKILL', checkpoint: checkpointPath(run.workFolder) },
    })
  })

  it('saves and ends when its parent is gone', async () => {
    const run = await tinyRun({ epochs: 100_000 })
    const entry = join(projectRoot, 'dist/main/ml/training/trainerProcess.js')
    const child = fork(entry)
    const exited = new Promise((resolve) => child.once('exit', resolve))
    child.on('message', (message) => {
      const { event } = message as { event?: TrainingEvent }
      if (event?.type === 'step' && child.connected) child.disconnect()
    })
    child.send({ type: 'start', workFolder: run.workFolder, saveEveryMs: 1e6 })
    await exited
    expect(await savedStep(run.workFolder)).toBeGreaterThan(0)
  })

  it('passes on what goes wrong, such as a damaged list of pairs', async () => {
    const run = await tinyRun()
    await writeFile(join(run.workFolder, 'pairs.jsonl'), '{"part":"train"}\n')
    await expect(start(run).running.result).rejects.toSatisfy((e) =>
      isAppError(e, 'CHECKPOINT_INVALID'),
    )
  })
})
