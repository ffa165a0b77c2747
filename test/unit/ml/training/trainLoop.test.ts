import { describe, expect, it } from 'vitest'
import type { BatchSource } from '../../../../main/ml/training/batchSource.js'
import { createPauseGate } from '../../../../main/ml/training/pauseGate.js'
import { createRandom } from '../../../../main/ml/training/random.js'
import { schedules } from '../../../../main/ml/training/schedules/table.js'
import { makeStopRule, progressOf } from '../../../../main/ml/training/stopRule.js'
import { throttleEvents } from '../../../../main/ml/training/throttleEvents.js'
import {
  type LoopPosition,
  runContrastiveTraining,
  type TrainingHooks,
  type TrainingStep,
} from '../../../../main/ml/training/trainLoop.js'
import type { TrainingEvent } from '../../../../shared/domain/training.js'
import { isAppError } from '../../../../shared/errors.js'

/** Numbers drawn by step, and a learner of their mean by gradient descent. */
const numbers: BatchSource<number> = {
  batchesPerEpoch: 10,
  batchSize: 4,
  ahead: 2,
  batchAt: async (step) => createRandom(3, step).next(),
}

function learner(weight = { value: 0 }): TrainingStep<number> & { weight: { value: number } } {
  return {
    weight,
    run: async (batch, learningRate) => {
      const error = weight.value - batch
      weight.value -= learningRate * error
      return { loss: error ** 2, logitScale: 1, gradientNorm: Math.abs(error) }
    },
  }
}

function collect() {
  const events: TrainingEvent[] = []
  const hooks: TrainingHooks = {
    signal: new AbortController().signal,
    onEvent: (event) => void events.push(event),
  }
  const losses = () => events.flatMap((event) => (event.type === 'step' ? [event.loss] : []))
  return { events, hooks, losses }
}

const settings = { source: numbers, learningRate: 0.3, schedule: schedules.cosine, warmup: 0.1 }
const start: LoopPosition = { step: 0, elapsedMs: 0 }
const threeEpochs = makeStopRule({ epochs: 3, minutes: null }, numbers.batchesPerEpoch)

describe('runContrastiveTraining', () => {
  it('lets the rate rise over the least number of steps however short the run is', async () => {
    const { hooks, events } = collect()
    const constant = { ...settings, schedule: schedules.constant, warmup: 0 }
    await runContrastiveTraining(
      { ...constant, warmupSteps: 10, step: learner(), stop: threeEpochs, from: start },
      hooks,
    )
    const rates = events.flatMap((event) => (event.type === 'step' ? [event.learningRate] : []))
    expect(rates.slice(0, 3).map((rate) => rate / 0.3)).toEqual([
      expect.closeTo(0.1, 6),
      expect.closeTo(0.2, 6),
      expect.closeTo(0.3, 6),
    ])
    expect(rates.at(-1)).toBeCloseTo(0.3, 6)
  })

  it('goes on after a break with the same losses', async () => {
    const whole = collect()
    await runContrastiveTraining(
      { ...settings, step: learner(), stop: threeEpochs, from: start },
      whole.hooks,
    )
    const stopping = new AbortController()
    const first = collect()
    const saved: { position: LoopPosition; weight: number }[] = []
    const step = learner()
    const broken = runContrastiveTraining(
      { ...settings, step, stop: threeEpochs, from: start },
      {
        ...first.hooks,
        signal: stopping.signal,
        save: async (position) => void saved.push({ position, weight: step.weight.value }),
        afterStep: async (done) => {
          if (done === 12) stopping.abort()
          return false
        },
      },
    )
    await expect(broken).rejects.toSatisfy((error) => isAppError(error, 'CANCELLED'))
    expect(saved).toHaveLength(1)
    const { position, weight } = saved[0]!
    expect(position.step).toBe(12)
    const rest = collect()
    const end = await runContrastiveTraining(
      { ...settings, step: learner({ value: weight }), stop: threeEpochs, from: position },
      rest.hooks,
    )
    expect(end.step).toBe(30)
    expect([...first.losses(), ...rest.losses()]).toEqual(whole.losses())
  })

  it('stops by minutes, and pauses do not count', async () => {
    const { events, hooks } = collect()
    const gate = createPauseGate()
    const slow: TrainingStep<number> = {
      run: async () => {
        await new Promise((resolve) => setTimeout(resolve, 10))
        return { loss: 1, logitScale: 1, gradientNorm: 1 }
      },
    }
    const saved: number[] = []
    const limits = makeStopRule({ epochs: null, minutes: 0.2 / 60 }, 10)
    const startMs = performance.now()
    const end = await runContrastiveTraining(
      { ...settings, step: slow, stop: limits, from: start },
      {
        ...hooks,
        gate,
        save: async ({ step }) => void saved.push(step),
        afterStep: async (step) => {
          if (step === 3) {
            gate.pause()
            setTimeout(() => gate.resume(), 400)
          }
          return false
        },
      },
    )
    expect(performance.now() - startMs).toBeGreaterThan(580)
    expect(end.elapsedMs).toBeGreaterThanOrEqual(200)
    expect(end.elapsedMs).toBeLessThan(400)
    expect(saved).toEqual([3, end.step])
    const kinds = events.map((event) => event.type).filter((type) => type !== 'step')
    expect(kinds).toEqual(['paused', 'resumed'])
    const last = events.at(-1)
    expect(last).toMatchObject({ type: 'step', progress: 1, etaSeconds: 0 })
  })

  it('refuses to go on with a loss that is no number, and saves nothing', async () => {
    const { hooks } = collect()
    const saved: LoopPosition[] = []
    const exploding: TrainingStep<number> = {
      run: async (batch) => ({
        loss: batch > 0.9 ? Number.NaN : 1,
        logitScale: 1,
        gradientNorm: 1,
      }),
    }
    const run = runContrastiveTraining(
      {
        ...settings,
        step: exploding,
        stop: makeStopRule({ epochs: 50, minutes: null }, 10),
        from: start,
      },
      { ...hooks, save: async (position) => void saved.push(position) },
    )
    await expect(run).rejects.toSatisfy((error) => isAppError(error, 'TRAINING_DIVERGED'))
    expect(saved).toEqual([])
  })

  it('passes on what the source throws', async () => {
    const broken = { ...numbers, batchAt: async () => Promise.reject(new Error('no batch')) }
    const run = runContrastiveTraining(
      { ...settings, source: broken, step: learner(), stop: threeEpochs, from: start },
      collect().hooks,
    )
    await expect(run).rejects.toThrow('no batch')
  })
})

describe('stop rule', () => {
  it('takes whichever limit comes first', () => {
    const rule = makeStopRule({ epochs: 2, minutes: 1 }, 10)
    expect(progressOf(rule, 10, 6_000)).toBe(0.5)
    expect(progressOf(rule, 1, 45_000)).toBe(0.75)
    expect(progressOf(rule, 25, 0)).toBe(1)
    expect(() => makeStopRule({ epochs: null, minutes: null }, 10)).toThrow('one of the two')
  })
})

describe('schedules', () => {
  it('warm up, then hold or fall to nothing', () => {
    expect(schedules.constant(0.05, 0.1)).toBeCloseTo(0.5, 12)
    expect(schedules.constant(0.9, 0.1)).toBe(1)
    expect(schedules.cosine(0.1, 0.1)).toBeCloseTo(1, 12)
    expect(schedules.cosine(0.55, 0.1)).toBeCloseTo(0.5, 12)
    expect(schedules.cosine(1, 0.1)).toBeCloseTo(0, 12)
    expect(schedules.cosine(0, 0)).toBe(1)
    expect(schedules.cosine(0, 0.1)).toBeGreaterThan(0)
  })
})

describe('throttleEvents', () => {
  it('passes ten steps a second, always the last one, and all else at once', () => {
    const passed: TrainingEvent[] = []
    let nowMs = 0
    const pass = throttleEvents(
      (event) => void passed.push(event),
      100,
      () => nowMs,
    )
    for (let step = 1; step <= 95; step++) {
      pass({ type: 'preparing', phase: 'reading pictures', done: step, total: 95 })
      nowMs += 10
    }
    pass({ type: 'paused', step: 95 })
    expect(passed).toHaveLength(12)
    expect(passed.at(-2)).toMatchObject({ done: 95 })
    expect(passed.at(-1)).toMatchObject({ type: 'paused' })
  })
})
