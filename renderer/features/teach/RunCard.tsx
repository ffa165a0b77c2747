/** One run: its curves while it learns, what it changed, and the decision. */
import { Badge, Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { TeachExample, TeachRun } from '../../../shared/domain/teaching.js'
import { attempt } from '../../app/attempt.js'
import { LineChart } from '../../components/LineChart.js'
import { printableName } from '../../components/printableName.js'
import { RecallTable } from '../../components/RecallTable.js'
import { formatInstant } from '../../text/format.js'
import { text } from '../../text/text.js'
import { engine, orpc, queryClient } from '../../transport/engine.js'
import { imageAddress } from '../../transport/imageAddress.js'
import styles from './TeachView.module.css'

const words = text.teach
const colors = {
  loss: '--mantine-color-iris-5',
  first: '--mantine-color-teal-6',
  second: '--mantine-color-orange-6',
  chance: '--mantine-color-gray-6',
}

function change(work: Promise<unknown>): void {
  void attempt(work.then(() => queryClient.invalidateQueries({ queryKey: orpc.teach.key() })))
}

export function RunCard({ run, library }: { readonly run: TeachRun; readonly library: string }) {
  const { job, name, state, after, before } = run
  const id = job
  return (
    <article className={styles.run} aria-label={name}>
      <Group justify="space-between">
        <Group gap="sm">
          <Text fw={600}>{name}</Text>
          <Badge variant="light" className={styles.badge!}>
            {words.states[state]}
          </Badge>
          <Text size="sm" c="dimmed">
            {words.methods[run.method]} · {formatInstant(run.startedAt)}
          </Text>
        </Group>
        <Group gap="xs">
          {state === 'running' && (
            <Button size="xs" variant="default" onClick={() => change(engine.jobs.pause({ id }))}>
              {words.pause}
            </Button>
          )}
          {state === 'paused' && (
            <Button size="xs" variant="default" onClick={() => change(engine.jobs.resume({ id }))}>
              {words.resume}
            </Button>
          )}
          {(state === 'running' || state === 'paused') && (
            <Button size="xs" variant="default" onClick={() => change(engine.jobs.cancel({ id }))}>
              {words.cancel}
            </Button>
          )}
          {state === 'decide' && (
            <>
              <Button
                size="xs"
                variant="default"
                onClick={() => change(engine.teach.discard({ job }))}
              >
                {words.discard}
              </Button>
              <Button size="xs" onClick={() => change(engine.teach.keep({ job }))}>
                {words.keep}
              </Button>
            </>
          )}
        </Group>
      </Group>
      {state === 'failed' && <Reason job={job} />}
      {state === 'decide' && <Verdict run={run} />}
      <Curves run={run} />
      {after && <RecallTable before={before} after={after} />}
      {run.examples.length > 0 && state === 'decide' && (
        <ul className={styles.changes}>
          {run.examples.map((example) => (
            <Example key={example.photoId} example={example} library={library} />
          ))}
        </ul>
      )}
    </article>
  )
}

/** What went wrong, as the run's job tells. */
function Reason({ job }: { readonly job: number }) {
  const jobs = useQuery(orpc.jobs.list.queryOptions())
  const error = jobs.data?.find(({ id }) => id === job)?.error
  if (!error) return null
  return (
    <Text size="sm" c="red" role="alert" style={{ overflowWrap: 'anywhere' }}>
      {printableName(error.message)}
    </Text>
  )
}

/** In plain words, and honest: a difference within the interval is none. */
function Verdict({ run: { before, after } }: { readonly run: TeachRun }) {
  if (!after) return <Text size="sm">{words.noMeasure}</Text>
  const { queries, recallAt10, intervals } = after.textToImage
  const former = before?.textToImage
  const found = (share: number) => Math.round(share * queries)
  const better = !former || intervals.recallAt10[0] > former.recallAt10
  return (
    <Text size="sm">
      {former && words.better(found(recallAt10), found(former.recallAt10), queries)}{' '}
      {!better && words.notBetter}
    </Text>
  )
}

function Curves({ run: { curves } }: { readonly run: TeachRun }) {
  const loss = useMemo(
    () => ({
      steps: curves.loss.map(({ step }) => step),
      curves: [
        { label: words.loss, color: colors.loss, values: curves.loss.map(({ value }) => value) },
      ],
    }),
    [curves.loss],
  )
  const recall = useMemo(
    () => ({
      steps: curves.recall.map(({ step }) => step),
      curves: [
        {
          label: words.textToImage,
          color: colors.first,
          values: curves.recall.map(({ textToImage }) => textToImage),
        },
        {
          label: words.imageToText,
          color: colors.second,
          values: curves.recall.map(({ imageToText }) => imageToText),
        },
        {
          label: words.chance,
          color: colors.chance,
          dashed: true,
          values: curves.recall.map(() => curves.chance),
        },
      ],
    }),
    [curves.recall, curves.chance],
  )
  return (
    <div className={styles.curves}>
      {loss.steps.length > 1 && <LineChart label={words.loss} stepLabel={words.step} {...loss} />}
      {recall.steps.length > 1 && (
        <LineChart label={words.recall} stepLabel={words.step} {...recall} />
      )}
    </div>
  )
}

interface ExampleProps {
  readonly example: TeachExample
  readonly library: string
}

function Example({ example, library }: ExampleProps) {
  const { photoId, words: caption, rankBefore, rankAfter } = example
  return (
    <li data-better={rankAfter < rankBefore || undefined}>
      <img src={imageAddress(library, photoId, 'tile')} alt="" />
      <span>
        {caption}
        <small>{words.rank(rankBefore, rankAfter)}</small>
      </span>
    </li>
  )
}
