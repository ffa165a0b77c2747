/** One model that can be downloaded. */
import { Badge, Button, Group, Progress, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { CatalogueItem } from '../../../shared/domain/catalogue.js'
import { downloadPhase } from '../../../shared/domain/downloadPhase.js'
import type { Job } from '../../../shared/domain/jobs.js'
import { attempt } from '../../app/attempt.js'
import { useSoughtEntry } from '../../app/navigation.js'
import { formatBytes, formatNumber } from '../../text/format.js'
import { text } from '../../text/text.js'
import { engine, orpc } from '../../transport/engine.js'
import styles from './ModelsView.module.css'

const words = text.models.catalogue

export function CatalogueCard({ item }: { readonly item: CatalogueItem }) {
  const jobs = useQuery(orpc.jobs.list.queryOptions()).data ?? []
  const job = jobs.find(({ id, state }) => id === item.job && state !== 'cancelled')
  const { id, title, summary, licence } = item
  const isSought = useSoughtEntry() === id
  const card = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (isSought) card.current?.scrollIntoView({ block: 'center' })
  }, [isSought])
  return (
    <li ref={card} className={styles.card} data-entry={id} aria-current={isSought || undefined}>
      <Group justify="space-between" wrap="nowrap">
        <Text fw={550} component="h3">
          {title}
        </Text>
        {licence.use === 'research' && (
          <Badge variant="default" className={styles.badge!}>
            {words.researchOnly}
          </Badge>
        )}
      </Group>
      <Text size="sm">{summary}</Text>
      <dl className={styles.facts}>
        {factsOf(item).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Text size="xs" c="dimmed">
        {words.uses[licence.use]}
      </Text>
      {job ? <Download item={item} job={job} /> : <Begin item={item} />}
    </li>
  )
}

function factsOf(item: CatalogueItem): (readonly [string, string])[] {
  const { sizeBytes, sizeIsKnown, memoryBytes, picturesPerSecond, languages, licence } = item
  const speed =
    picturesPerSecond === null ? words.unknown : words.perSecond(rounded(picturesPerSecond))
  return [
    [words.size, sizeIsKnown ? formatBytes(sizeBytes) : roughly(sizeBytes)],
    [words.memory, roughly(memoryBytes)],
    [words.speed, speed],
    [words.language, words.languages[languages]],
    [words.licence, licence.name],
  ]
}

/** Two digits are all that an estimate knows. */
function roughly(bytes: number): string {
  return words.roughly(formatBytes(Number(bytes.toPrecision(2))))
}

/** An estimate is not told to tenths where it is large. */
function rounded(speed: number): string {
  return formatNumber(speed >= 10 ? Math.round(speed) : speed)
}

function Begin({ item: { id, title, model } }: { readonly item: CatalogueItem }) {
  if (model !== null) return <Text size="sm">{words.there}</Text>
  return (
    <Button
      size="xs"
      aria-label={words.downloadOf(title)}
      onClick={() => void attempt(engine.models.download({ entry: id }))}
    >
      {words.download}
    </Button>
  )
}

interface DownloadProps {
  readonly item: CatalogueItem
  readonly job: Job
}

function Download({
  item: { id, title },
  job: { id: job, state, progress, error },
}: DownloadProps) {
  const share = progress && progress.total > 0 ? (100 * progress.done) / progress.total : 0
  const isUnderWay = state === 'running' || state === 'queued'
  return (
    <div>
      {isUnderWay && <Progress value={share} size="sm" aria-label={words.downloading(title)} />}
      <Text size="xs" c="dimmed" style={{ fontVariantNumeric: 'tabular-nums' }}>
        {progress?.phase === downloadPhase
          ? words.progress(formatBytes(progress.done), formatBytes(progress.total))
          : text.jobs.states[state]}
      </Text>
      {error && (
        <Text size="xs" c="red" role="alert">
          {error.message}
        </Text>
      )}
      <Group gap="xs" mt={6}>
        {isUnderWay ? (
          <Button
            size="xs"
            variant="default"
            aria-label={words.cancelOf(title)}
            onClick={() => void attempt(engine.jobs.cancel({ id: job }))}
          >
            {text.app.cancel}
          </Button>
        ) : (
          <Button size="xs" onClick={() => void attempt(engine.models.download({ entry: id }))}>
            {words.goOn}
          </Button>
        )}
      </Group>
    </div>
  )
}
