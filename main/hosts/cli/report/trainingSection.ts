/** The report's part on how the model was trained, if that was done here. */
import type { Evaluation } from '../../../../shared/domain/evaluation.js'
import type { Axis } from './axes.js'
import { paragraph, section, sideBySide } from './html.js'
import { lineChart } from './plots.js'

export function trainingSection({ training, model }: Evaluation): string {
  if (training === null) return ''
  const { loss, recall } = training.curves
  const plots = []
  if (loss.length > 1) {
    const most = Math.max(...loss.map(({ value }) => value))
    const y: Axis = {
      label: 'loss',
      from: 0,
      to: most,
      format: (value) => String(Number(value.toPrecision(3))),
    }
    const points = loss.map(({ step, value }) => [step, value] as const)
    plots.push(lineChart('Loss by step', steps(loss), y, [{ name: 'loss', look: 'model', points }]))
  }
  if (recall.length > 1) {
    const y: Axis = {
      label: 'recall',
      from: 0,
      to: 1,
      format: (value) => `${Math.round(100 * value)} %`,
    }
    plots.push(
      lineChart('Recall at 10 on pictures that are not trained on, by step', steps(recall), y, [
        {
          name: 'words to pictures',
          look: 'model',
          points: recall.map(({ step, textToImage }) => [step, textToImage]),
        },
        {
          name: 'pictures to words',
          look: 'against',
          points: recall.map(({ step, imageToText }) => [step, imageToText]),
        },
      ]),
    )
  }
  if (plots.length === 0) return ''
  return section('Training', paragraph(`How ${model.name} was trained.`), sideBySide(...plots))
}

function steps(points: readonly { readonly step: number }[]): Axis {
  return { label: 'step', from: points[0]!.step, to: points.at(-1)!.step, format: String }
}
