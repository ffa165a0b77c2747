/** In which precision search runs a model, what was measured, and the means to have it measured. */
import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { CallOutputs } from '../../../shared/contract/contract.js'
import { attempt } from '../../app/attempt.js'
import { formatNumber } from '../../text/format.js'
import { text } from '../../text/text.js'
import { engine } from '../../transport/engine.js'

const words = text.models.precision

interface PrecisionProps {
  readonly id: string
  readonly described: CallOutputs['models']['describe']
}

export function Precision({ id, described: { precision, search, variant } }: PrecisionProps) {
  if (precision === null) return null
  const parts = [
    words[precision],
    search && words.measured(formatNumber(search.imageSpeedUp), formatNumber(search.recallLoss)),
    precision === 'float32' && variant !== null && words.variant,
    search?.reason,
  ]
  const untried = precision === 'float32' && search === null && variant === null
  const begin = () =>
    void attempt(
      engine.models.tryInt8({ id }).then(() => notifications.show({ message: words.trying })),
    )
  return (
    <Group gap="sm">
      <Text size="sm">{parts.filter((part) => part).join(' · ')}</Text>
      {untried && (
        <Button size="compact-xs" variant="default" onClick={begin}>
          {words.attempt}
        </Button>
      )}
    </Group>
  )
}
