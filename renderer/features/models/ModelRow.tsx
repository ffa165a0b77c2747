/** A model that is there: what it is, and what can be done with it. */
import { Badge, Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import type { ListedModel, ModelStatus } from '../../../shared/domain/library.js'
import { formatInstant } from '../../text/format.js'
import { text } from '../../text/text.js'
import { describeFacts } from './describeFacts.js'
import { ModelDetails } from './ModelDetails.js'
import styles from './ModelsView.module.css'

const words = text.models

interface ModelRowProps {
  readonly model: ListedModel
  readonly parent: string | undefined
  readonly onUse: () => void
  readonly onRemove: () => void
}

export function ModelRow({ model, parent, onUse, onRemove }: ModelRowProps) {
  const [opened, setOpened] = useState(false)
  const { name, kind, active, present } = model
  return (
    <li className={styles.model} data-model={model.id}>
      <Group justify="space-between" wrap="nowrap">
        <div>
          <Group gap="sm">
            <Text fw={550}>{name}</Text>
            <Badge variant="default" className={styles.badge!}>
              {words.kinds[kind]}
            </Badge>
            {active && (
              <Badge variant="light" className={styles.badge!}>
                {words.active}
              </Badge>
            )}
          </Group>
          <Text size="sm" c={present ? 'dimmed' : 'red'}>
            {present ? describe(model, parent) : words.gone}
          </Text>
          {present && (
            <Text size="xs" c="dimmed">
              {describeFacts(model)}
            </Text>
          )}
        </div>
        <Group gap={4} wrap="nowrap">
          <Button
            size="xs"
            variant="subtle"
            aria-expanded={opened}
            onClick={() => setOpened(!opened)}
          >
            {words.details}
          </Button>
          {!active && kind !== 'starter' && (
            <Button size="xs" variant="subtle" color="gray" onClick={onRemove}>
              {words.remove}
            </Button>
          )}
          {!active && present && (
            <Button size="xs" onClick={onUse}>
              {words.use}
            </Button>
          )}
        </Group>
      </Group>
      {opened && <ModelDetails model={model} />}
    </li>
  )
}

function describe({ indexed, addedAt }: ModelStatus, parent: string | undefined) {
  const parts = [
    words.indexed(indexed),
    parent ? words.parent(parent) : null,
    words.added(formatInstant(addedAt)),
  ]
  return parts.filter((part) => part !== null).join(' · ')
}
