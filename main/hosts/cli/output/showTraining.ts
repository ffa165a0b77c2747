/** Draws the events of a training run on a progress bar. */
import type { TrainingEvent } from '../../../../shared/domain/training.js'
import { formatDuration } from './format.js'
import type { Progress } from './progress.js'

export function showTraining(bar: Progress, event: TrainingEvent): void {
  if (event.type === 'preparing') bar.update(event.phase, event.done, event.total)
  if (event.type !== 'step') return
  const rate = `${event.pairsPerSecond.toFixed(0)} pairs/s`
  const left = `${formatDuration(event.etaSeconds)} left`
  bar.update('training', event.progress, 1, `loss ${event.loss.toFixed(3)}  ${rate}  ${left}`)
}
