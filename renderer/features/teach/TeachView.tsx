/** Learning from the library: what from, how, and what came of it. */
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { LibraryStatus } from '../../../shared/domain/library.js'
import type { TeachRun } from '../../../shared/domain/teaching.js'
import { Page } from '../../components/Page.js'
import { QueryState } from '../../components/QueryState.js'
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
        <QueryState queries={[status, runs]} failed={words.failed} />
        {status.data && runs.data && <Lessons status={status.data} runs={runs.data} />}
      </Page>
    </>
  )
}

interface LessonsProps {
  readonly status: LibraryStatus
  /** The latest first. */
  readonly runs: readonly TeachRun[]
}

function Lessons({ status, runs: [latest, ...former] }: LessonsProps) {
  return (
    <>
      {latest && <RunCard key={latest.job} run={latest} library={status.uid} />}
      <LessonForm status={status} />
      {former.length > 0 && <h2 className={styles.heading}>{words.runs}</h2>}
      {former.map((run) => (
        <RunCard key={run.job} run={run} library={status.uid} />
      ))}
    </>
  )
}
