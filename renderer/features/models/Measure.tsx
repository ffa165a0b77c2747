/** How good a model is on the person's own photos, and how fast here. */
import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { ModelMeasure } from '../../../shared/domain/library.js'
import { attempt } from '../../app/attempt.js'
import { formatNumber, formatShare } from '../../text/format.js'
import { text } from '../../text/text.js'
import { engine } from '../../transport/engine.js'

const words = text.models.measure

interface MeasureProps {
  readonly id: string
  readonly measure: ModelMeasure | null
}

export function Measure({ id, measure }: MeasureProps) {
  const begin = () =>
    void attempt(
      engine.models.measure({ id }).then(() => notifications.show({ message: words.begun })),
    )
  return (
    <Group gap="sm">
      <Text size="sm">{measure === null ? words.none : describeMeasure(measure)}</Text>
      <Button size="compact-xs" variant="default" onClick={begin}>
        {measure === null ? words.measure : words.again}
      </Button>
    </Group>
  )
}

/** One line of figures. */
export function describeMeasure(measure: ModelMeasure) {
  const { picturesPerSecond, queryMs } = measure
  return `${describeRecall(measure)} · ${words.speed(formatNumber(picturesPerSecond), formatNumber(queryMs))}`
}

function describeRecall({ report, photos, learned }: ModelMeasure): string {
  if (report === null) return learned === 0 ? words.noWords : words.allLearned(learned)
  const { recallAt1, recallAt10 } = report.textToImage
  return words.recall(photos, learned, formatShare(recallAt1), formatShare(recallAt10))
}
