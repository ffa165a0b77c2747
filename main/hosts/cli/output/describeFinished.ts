/** What a training run came to, in its closing lines. */
import type {
  RetrievalReport,
  TrainingEvent,
  TriedBlend,
} from '../../../../shared/domain/training.js'
import { describePrecision } from './describePrecision.js'
import { describePictures, describeRetrieval } from './describeRetrieval.js'
import { formatDuration, formatPercent, formatTable, printable } from './format.js'

type Finished = Extract<TrainingEvent, { type: 'finished' }>

export function describeFinished(finished: Finished): string {
  const { seconds, step, modelPath, before, heldOut, pictures, search } = finished
  const parts = [`Trained in ${formatDuration(seconds)} (${step} steps): ${printable(modelPath)}`]
  parts.push(...describeBlend(finished))
  if (before !== null) parts.push(`Before, on held-out pictures:\n${describeRetrieval(before)}`)
  if (heldOut !== null) {
    const title = before === null ? 'Held-out pictures' : 'After, on the same held-out pictures'
    parts.push(`${title}:\n${describeRetrieval(heldOut)}`)
  }
  if (before !== null && heldOut !== null) parts.push(describeGain(before, heldOut))
  if (pictures !== null)
    parts.push(`Held-out pictures, without words:\n${describePictures(pictures)}`)
  if (search !== null) {
    const { precision, reason, ...measured } = search
    const lines = [
      `The model searches in ${precision}.`,
      ...describePrecision({ measured, reason }),
    ]
    parts.push(lines.join('\n'))
  }
  parts.push(`Next: semblance models use ${printable(modelPath)}`)
  return parts.join('\n\n')
}

/** Which share of the change was taken, and by which figures. */
function describeBlend({ blend, blends }: Finished): string[] {
  if (blend === null) return []
  const share = formatShare(blend)
  if (blends.length === 0) return [`Took ${share} of what was learned.`]
  const taken =
    blend === 0
      ? 'Kept the model as it was: no share of what was learned found more'
      : `Took ${share} of what was learned: the share that found most`
  return [`${taken} of the pictures kept out of training to choose by.\n${tableOf(blends, blend)}`]
}

function tableOf(blends: readonly TriedBlend[], taken: number): string {
  const header = ['share', 'text → picture R@1', 'R@10', 'picture → text R@1', 'R@10', '']
  const rows = blends.map(({ blend, textToImage, imageToText }) => [
    formatShare(blend),
    formatPercent(textToImage.recallAt1),
    formatPercent(textToImage.recallAt10),
    formatPercent(imageToText.recallAt1),
    formatPercent(imageToText.recallAt10),
    blend === taken ? 'taken' : '',
  ])
  return formatTable(header, rows)
}

function describeGain(before: RetrievalReport, after: RetrievalReport): string {
  const gains = (
    [
      ['text → picture', 'textToImage'],
      ['picture → text', 'imageToText'],
    ] as const
  ).map(([title, direction]) => {
    const [a, b] = [before[direction], after[direction]]
    return `${title} R@1 ${formatChange(a.recallAt1, b.recallAt1)}, R@10 ${formatChange(a.recallAt10, b.recallAt10)}`
  })
  return `Before → after: ${gains.join('; ')}`
}

function formatChange(before: number, after: number): string {
  return `${formatPercent(before)} → ${formatPercent(after)}`
}

function formatShare(share: number): string {
  return `${Math.round(share * 100)} %`
}
