/** The first start: what this is, and the two ways in. */
import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { FolderPlus, Images, ShieldCheck } from 'lucide-react'
import { attempt } from '../../app/attempt.js'
import { text } from '../../text/text.js'
import { engine, orpc } from '../../transport/engine.js'
import { useAddFolders } from '../sources/useAddFolders.js'
import styles from './WelcomeView.module.css'

const words = text.welcome

export function WelcomeView() {
  const jobs = useQuery(orpc.jobs.list.queryOptions()).data ?? []
  const drawing = jobs.find(
    ({ kind, state }) => kind === 'sample' && (state === 'running' || state === 'queued'),
  )
  const { choose, dialog } = useAddFolders()
  const done = drawing?.progress
  return (
    <div className={styles.welcome}>
      <Stack align="center" gap="lg" maw={560} ta="center">
        <img src="/icon.svg" alt="" width={84} height={84} />
        <Title order={1} fz={34} lh={1.15} textWrap="balance">
          {words.title}
        </Title>
        <Text c="dimmed" fz="lg">
          {words.about}
        </Text>
        <Group justify="center">
          <Button size="md" leftSection={<FolderPlus size={18} aria-hidden />} onClick={choose}>
            {words.choose}
          </Button>
          <Button
            size="md"
            variant="default"
            loading={drawing !== undefined}
            leftSection={<Images size={18} aria-hidden />}
            onClick={() => void attempt(engine.library.addSample())}
          >
            {words.sample}
          </Button>
        </Group>
        <Text size="sm" c="dimmed" aria-live="polite" mih={22}>
          {done && done.total > 0 && `${done.done} / ${done.total}`}
        </Text>
        <Group gap={10} c="dimmed" wrap="nowrap">
          <ShieldCheck size={18} aria-hidden className={styles.shield} />
          <Text size="sm" ta="left" className={styles.promise!}>
            {words.promise}
          </Text>
        </Group>
      </Stack>
      {dialog}
    </div>
  )
}
