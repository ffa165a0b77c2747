/** Keeps the curves of a training run short, however long it goes on. */
import type { TeachCurves } from '../../../shared/domain/teaching.js'
import type { TrainingEvent } from '../../../shared/domain/training.js'

const mostPoints = 500

export interface RunCurves {
  add(event: TrainingEvent): void
  /** The curves as they are now. */
  read(): TeachCurves
}

/**
 * @param known the curves of an interrupted run
 * @param part whose recall is shown: what a method chooses by if it chooses, else what is held out
 */
export function createRunCurves(
  known: TeachCurves | null,
  part: Extract<TrainingEvent, { type: 'evaluated' }>['part'],
): RunCurves {
  let { loss, recall, chance }: TeachCurves = known ?? { loss: [], recall: [], chance: null }
  /** Losses that make one point, and those that wait for theirs to be full. */
  let perPoint = 1
  let waiting: number[] = []

  /** A run that goes on from a checkpoint repeats the steps after it. */
  function forgetAfter(last: number): void {
    loss = loss.filter(({ step }) => step <= last)
    recall = recall.filter(({ step }) => step <= last)
    waiting = []
  }

  function addLoss(step: number, value: number): void {
    waiting.push(value)
    if (waiting.length < perPoint) return
    loss = [...loss, { step, value: mean(waiting) }]
    waiting = []
    if (loss.length <= mostPoints) return
    loss = joinPairs(loss)
    perPoint *= 2
  }

  function addRecall({ step, report }: Extract<TrainingEvent, { type: 'evaluated' }>): void {
    // The last measurement of all may be on more pairs than those of the curve.
    if (recall.at(-1)?.step === step) return
    const { textToImage, imageToText } = report
    chance = textToImage.chanceAt10
    const point = {
      step,
      textToImage: textToImage.recallAt10,
      imageToText: imageToText.recallAt10,
    }
    recall = [...recall, point]
    if (recall.length > mostPoints) recall = recall.filter((_, i) => i % 2 === 0)
  }

  return {
    add(event) {
      if (event.type === 'started') forgetAfter(event.resumedAtStep ?? -1)
      if (event.type === 'step') addLoss(event.step, event.loss)
      if (event.type === 'evaluated' && event.part === part) addRecall(event)
    },
    read: () => ({ loss, recall, chance }),
  }
}

/** Half as many points, each the mean of two. */
function joinPairs(points: TeachCurves['loss']): TeachCurves['loss'] {
  return points.flatMap((point, i) => {
    if (i % 2 === 0) return i === points.length - 1 ? [point] : []
    return [{ step: point.step, value: mean([points[i - 1]!.value, point.value]) }]
  })
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
