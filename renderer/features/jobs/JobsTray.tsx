/** Work in the background: how far it is, and the means to pause, resume and cancel it. */
import {
  ActionIcon,
  Button,
  Group,
  Popover,
  Progress,
  RingProgress,
  Stack,
  Text,
} from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Activity, Pause, Play, X } from 'lucide-react'
import { downloadPhase } from '../../../shared/domain/downloadPhase.js'
import type { Job } from '../../../shared/domain/jobs.js'
import { printableName } from '../../components/printableName.js'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatInstant,
  formatNumber,
} from '../../text/format.js'
import { text } from '../../text/text.js'
import { engine, orpc, queryClient } from '../../transport/engine.js'

const words = text.jobs
const shownAtMost = 12

export function JobsTray() {
  const jobs = useQuery(orpc.jobs.list.queryOptions()).data ?? []
  const active = jobs.filter(({ state }) => state === 'running' || state === 'queued')
  const running = active.filter(({ state }) => state === 'running')
  const share = shareOf(running[0])
  const label = active.length > 0 ? words.working(active.length) : words.idle
  if (jobs.length === 0) return null
  return (
    <Popover width={380} position="bottom-end" shadow="lg" trapFocus>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={40}
          radius="xl"
          aria-label={`${words.tray}: ${label}`}
        >
          {active.length > 0 ? (
            <RingProgress
              size={34}
              thickness={4}
              roundCaps
              sections={[{ value: 100 * (share ?? 0.15), color: 'iris' }]}
              aria-hidden
            />
          ) : (
            <Activity size={20} aria-hidden />
          )}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p="md" aria-label={words.tray}>
        <Group justify="space-between" mb="sm">
          <Text fw={600} aria-live="polite">
            {label}
          </Text>
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => {
              void engine.jobs
                .clear()
                .then(() => queryClient.invalidateQueries({ queryKey: orpc.jobs.list.key() }))
            }}
          >
            {words.clear}
          </Button>
        </Group>
        <Stack gap="md" mah={420} style={{ overflowY: 'auto' }} tabIndex={0}>
          {worthShowing(jobs).map((job) => (
            <JobRow key={job.id} job={job} />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

/**
 * What is not done, and of what is done the latest of each kind: a watched folder is read often.
 * What was cancelled before it began leaves nothing to go on with.
 */
function worthShowing(jobs: readonly Job[]): Job[] {
  const done = new Set<string>()
  return jobs
    .filter(({ kind, subject, state, progress }) => {
      if (state === 'cancelled' && progress === null) return false
      if (state !== 'completed') return true
      const what = `${kind} ${subject}`
      return !done.has(what) && done.add(what)
    })
    .slice(0, shownAtMost)
}

/** How much of a job is done, 0 to 1; null if nobody knows. */
function shareOf(job: Job | undefined): number | null {
  const progress = job?.progress
  return progress && progress.total > 0 ? progress.done / progress.total : null
}

function JobRow({ job }: { readonly job: Job }) {
  const { id, kind, subject, state, progress, error } = job
  const share = shareOf(job)
  return (
    <div data-job={id}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" fw={500} truncate>
          {words.kinds[kind] ?? kind}
          {subject && ` · ${printableName(subject)}`}
        </Text>
        <Group gap={2} wrap="nowrap">
          {state === 'running' && (
            <Act
              label={words.pause}
              icon={<Pause size={15} />}
              run={() => engine.jobs.pause({ id })}
            />
          )}
          {(state === 'paused' || state === 'cancelled') && (
            <Act
              label={words.resume}
              icon={<Play size={15} />}
              run={() => engine.jobs.resume({ id })}
            />
          )}
          {(state === 'running' || state === 'queued' || state === 'paused') && (
            <Act
              label={words.cancel}
              icon={<X size={15} />}
              run={() => engine.jobs.cancel({ id })}
            />
          )}
        </Group>
      </Group>
      {state === 'running' && (
        <Progress
          value={share === null ? 100 : 100 * share}
          animated={share === null}
          size="sm"
          mt={4}
          aria-label={words.kinds[kind] ?? kind}
        />
      )}
      <Text size="xs" c="dimmed" mt={4} truncate style={{ fontVariantNumeric: 'tabular-nums' }}>
        {state === 'running' && progress
          ? describeProgress(progress)
          : `${words.states[state]} · ${formatInstant(job.updatedAt)}`}
      </Text>
      {error && (
        <Group gap="xs" mt={4} wrap="nowrap" align="flex-start">
          <Text size="xs" c="red" style={{ overflowWrap: 'anywhere' }} flex={1}>
            {printableName(error.message)}
          </Text>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => void engine.jobs.resume({ id })}
          >
            {words.retry}
          </Button>
        </Group>
      )}
    </div>
  )
}

function describeProgress({
  phase,
  done,
  total,
  ratePerSecond,
  etaSeconds,
}: NonNullable<Job['progress']>) {
  const [count, rate] =
    phase === downloadPhase ? [formatBytes, formatBytes] : [formatCount, formatNumber]
  const parts = [
    total > 0 ? `${count(done)} / ${count(total)}` : count(done),
    ratePerSecond > 0 ? words.rate(rate(ratePerSecond)) : null,
    etaSeconds === null ? null : words.left(formatDuration(etaSeconds)),
  ]
  return parts.filter((part) => part !== null).join(' · ')
}

interface ActProps {
  readonly label: string
  readonly icon: React.ReactNode
  readonly run: () => Promise<void>
}

function Act({ label, icon, run }: ActProps) {
  return (
    <ActionIcon
      size="sm"
      variant="subtle"
      color="gray"
      aria-label={label}
      title={label}
      onClick={() => void run()}
    >
      {icon}
    </ActionIcon>
  )
}
