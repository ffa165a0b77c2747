/** Learning from the library: what from, how, and what came of it. */
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Page } from '../../components/Page.js'
import { Toolbar } from '../../components/Toolbar.js'
import { text } from '../../text/text.js'
import { orpc } from '../../transport/engine.js'
import { useLibrary } from '../library/useLibrary.js'
import { LessonForm } from './LessonForm.js'
import { RunCard } from './RunCard.js'
import styles from './TeachView.module.css'

const words = text.teach

export function TeachView() {
  const status = useLibrary()
  const runs = useQuery(orpc.teach.runs.queryOptions())
  return (
    <>
      <Toolbar title={words.title} />
      <Page>
        <Text c="dimmed" size="sm" mb="lg" maw={640}>
          {words.about}
        </Text>
        {runs.data?.map((run, index) =>
          index === 0 && status.data ? (
            <RunCard key={run.job} run={run} library={status.data.uid} />
          ) : null,
        )}
        {status.data && <LessonForm status={status.data} />}
        {status.data && runs.data && runs.data.length > 1 && (
          <>
            <h2 className={styles.heading}>{words.runs}</h2>
            {runs.data.slice(1).map((run) => (
              <RunCard key={run.job} run={run} library={status.data.uid} />
            ))}
          </>
        )}
      </Page>
    </>
  )
}
