/** The models there are, which is in use, and how good each was found. */
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ModelStatus } from '../../../shared/domain/library.js'
import { Page } from '../../components/Page.js'
import { QueryState } from '../../components/QueryState.js'
import { Toolbar } from '../../components/Toolbar.js'
import { text } from '../../text/text.js'
import { orpc } from '../../transport/engine.js'
import { Catalogue } from './Catalogue.js'
import { Compare } from './Compare.js'
import { ModelRow } from './ModelRow.js'
import styles from './ModelsView.module.css'
import { RemoveDialog } from './RemoveDialog.js'
import { switchTo } from './switchTo.js'

const words = text.models

export function ModelsView() {
  const models = useQuery(orpc.models.list.queryOptions())
  const [removing, setRemoving] = useState<ModelStatus | null>(null)
  const active = models.data?.find((model) => model.active)

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
              onUse={() => switchTo(model, active)}
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
