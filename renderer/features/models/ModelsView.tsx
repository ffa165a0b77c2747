/** The models there are, which is in use, and how good each was found. */
import { Badge, Button, Group, Loader, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ModelStatus } from '../../../shared/domain/library.js'
import { attempt } from '../../app/attempt.js'
import { describeError } from '../../app/describeError.js'
import { ConfirmDialog } from '../../components/ConfirmDialog.js'
import { Page } from '../../components/Page.js'
import { printableName } from '../../components/printableName.js'
import { RecallTable } from '../../components/RecallTable.js'
import { Toolbar } from '../../components/Toolbar.js'
import { formatBytes, formatInstant } from '../../text/format.js'
import { text } from '../../text/text.js'
import { engine, orpc, queryClient } from '../../transport/engine.js'
import styles from './ModelsView.module.css'

const words = text.models

const changed = () => queryClient.invalidateQueries({ queryKey: orpc.models.key() })

export function ModelsView() {
  const models = useQuery(orpc.models.list.queryOptions())
  const [removing, setRemoving] = useState<ModelStatus | null>(null)
  const active = models.data?.find((model) => model.active)

  const use = (model: ModelStatus) => {
    const former = active
    void attempt(
      engine.models.use({ id: model.id }).then(() => {
        void changed()
        notifications.show({
          message: (
            <Group justify="space-between">
              {words.inUse(model.name)}
              {former && (
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => void attempt(engine.models.use({ id: former.id }).then(changed))}
                >
                  {words.undo}
                </Button>
              )}
            </Group>
          ),
        })
      }),
    )
  }
  return (
    <>
      <Toolbar title={words.title} />
      <Page>
        <Text c="dimmed" size="sm" mb="md">
          {words.about}
        </Text>
        {models.isPending && <Loader aria-label={text.app.connecting} />}
        {models.error && (
          <Text c="red" role="alert">
            {describeError(models.error)}
          </Text>
        )}
        <ul className={styles.models}>
          {models.data?.map((model) => (
            <Model
              key={model.id}
              model={model}
              parent={models.data.find(({ id }) => id === model.parent)?.name}
              onUse={() => use(model)}
              onRemove={() => setRemoving(model)}
            />
          ))}
        </ul>
      </Page>
      <ConfirmDialog
        opened={removing !== null}
        title={words.removeTitle}
        action={words.remove}
        removing
        onClose={() => setRemoving(null)}
        onConfirm={() => {
          if (removing) void attempt(engine.models.remove({ id: removing.id }).then(changed))
        }}
      >
        <Text size="sm" fw={500}>
          {removing?.name}
        </Text>
        <Text size="sm" c="dimmed">
          {words.removeText}
        </Text>
      </ConfirmDialog>
    </>
  )
}

interface ModelProps {
  readonly model: ModelStatus
  readonly parent: string | undefined
  readonly onUse: () => void
  readonly onRemove: () => void
}

function Model({ model, parent, onUse, onRemove }: ModelProps) {
  const [opened, setOpened] = useState(false)
  const { name, kind, active, indexed, present, sizeBytes, addedAt } = model
  return (
    <li className={styles.model}>
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
            {present
              ? [
                  words.indexed(indexed),
                  formatBytes(sizeBytes),
                  parent ? words.parent(parent) : null,
                  words.added(formatInstant(addedAt)),
                ]
                  .filter((part) => part !== null)
                  .join(' · ')
              : words.gone}
          </Text>
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
      {opened && <Details model={model} />}
    </li>
  )
}

function Details({ model: { id, kind, path } }: { readonly model: ModelStatus }) {
  const described = useQuery(orpc.models.describe.queryOptions({ input: { id } }))
  const verify = () =>
    void attempt(
      engine.models
        .verify({ id })
        .then(({ files }) => notifications.show({ message: words.verified(files) })),
    )
  const { licence, pairs, heldOut, before } = described.data ?? {}
  return (
    <div className={styles.details}>
      {described.error && <Text c="red">{describeError(described.error)}</Text>}
      {licence && <Text size="sm">{words.licence(licence)}</Text>}
      {pairs != null && <Text size="sm">{words.pairs(pairs)}</Text>}
      {described.data && !heldOut && (
        <Text size="sm" c="dimmed">
          {kind === 'starter' ? words.card : words.noReport}
        </Text>
      )}
      {heldOut && <RecallTable before={before ?? null} after={heldOut} />}
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {words.folder(printableName(path))}
      </Text>
      <Button size="xs" variant="default" onClick={verify}>
        {words.verify}
      </Button>
    </div>
  )
}
