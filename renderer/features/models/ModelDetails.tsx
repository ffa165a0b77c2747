/** What is known of a model, and what else can be done with it. */
import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import type { ModelStatus } from '../../../shared/domain/library.js'
import { attempt } from '../../app/attempt.js'
import { useChooseFolders } from '../../components/PathPicker/useChooseFolders.js'
import { printableName } from '../../components/printableName.js'
import { QueryState } from '../../components/QueryState.js'
import { RecallTable } from '../../components/RecallTable.js'
import { text } from '../../text/text.js'
import { engine, orpc } from '../../transport/engine.js'
import { describeLanguages } from './describeFacts.js'
import { Measure } from './Measure.js'
import styles from './ModelsView.module.css'
import { Precision } from './Precision.js'

const words = text.models

export function ModelDetails({ model: { id, kind, path } }: { readonly model: ModelStatus }) {
  const described = useQuery(orpc.models.describe.queryOptions({ input: { id } }))
  const verify = () =>
    void attempt(
      engine.models
        .verify({ id })
        .then(({ files }) => notifications.show({ message: words.verified(files) })),
    )
  const target = useChooseFolders(
    ([folder = '']) =>
      void attempt(
        engine.models
          .exportTo({ id, folder })
          .then((made) => notifications.show({ message: words.exported(made.path) })),
      ),
  )
  const { licence, languages, pairs, heldOut, before, source } = described.data ?? {}
  return (
    <div className={styles.details}>
      <QueryState queries={[described]} failed={words.detailsFailed} />
      {described.data && <Measure id={id} measure={described.data.measure} />}
      {described.data && <Precision id={id} described={described.data} />}
      {languages && <Text size="sm">{words.languages(describeLanguages(languages))}</Text>}
      {licence && <Text size="sm">{words.licence(licence.name)}</Text>}
      {licence?.use && (
        <Text size="sm" c="dimmed">
          {words.catalogue.uses[licence.use]}
        </Text>
      )}
      {source && (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {words.source(source.repository, source.revision)}
        </Text>
      )}
      {pairs != null && <Text size="sm">{words.pairs(pairs)}</Text>}
      {kind === 'starter' && (
        <Text size="sm" c="dimmed">
          {words.card}
        </Text>
      )}
      {heldOut && <RecallTable before={before ?? null} after={heldOut} />}
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {words.folder(printableName(path))}
      </Text>
      <Group gap="xs">
        <Button size="xs" variant="default" onClick={verify}>
          {words.verify}
        </Button>
        <Button size="xs" variant="default" onClick={target.choose}>
          {words.exportTo}
        </Button>
      </Group>
      {target.dialog}
    </div>
  )
}
