/** The models there are, which is in use, and how good each was found. */
import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ModelStatus } from '../../../shared/domain/library.js'
import { attempt } from '../../app/attempt.js'
import { Page } from '../../components/Page.js'
import { QueryState } from '../../components/QueryState.js'
import { Toolbar } from '../../components/Toolbar.js'
import { text } from '../../text/text.js'
import { engine, orpc, queryClient } from '../../transport/engine.js'
import { Catalogue } from './Catalogue.js'
import { Compare } from './Compare.js'
import { ModelRow } from './ModelRow.js'
import styles from './ModelsView.module.css'
import { RemoveDialog } from './RemoveDialog.js'

const words = text.models

const changed = () => queryClient.invalidateQueries({ queryKey: orpc.models.key() })

export function ModelsView() {
  const models = useQuery(orpc.models.list.queryOptions())
  const [removing, setRemoving] = useState<ModelStatus | null>(null)
  const active = models.data?.find((model) => model.active)

  const use = (model: ModelStatus) => {
    const former = active
    void attempt(
      engine.models.use({ id: model.id }).then(({ job }) => {
        void changed()
        notifications.show({
          message: (
            <Group justify="space-between">
              {job === null ? words.inUse(model.name) : words.soon(model.name, former?.name ?? '')}
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
        <QueryState queries={[models]} failed={words.failed} />
        <ul className={styles.models}>
          {models.data?.map((model) => (
            <ModelRow
              key={model.id}
              model={model}
              parent={models.data.find(({ id }) => id === model.parent)?.name}
              onUse={() => use(model)}
              onRemove={() => setRemoving(model)}
            />
          ))}
        </ul>
        {models.data && <Compare models={models.data} />}
        {models.data && <Catalogue />}
      </Page>
      <RemoveDialog model={removing} onClose={() => setRemoving(null)} />
    </>
  )
}
