/** The folders and their state. */
import { Badge, Button, Group, Loader, Text, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ChevronDown, FolderPlus, RefreshCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { RootStatus } from '../../../shared/domain/library.js'
import { attempt } from '../../app/attempt.js'
import { describeError } from '../../app/describeError.js'
import { ConfirmDialog } from '../../components/ConfirmDialog.js'
import { Page } from '../../components/Page.js'
import { printableName } from '../../components/printableName.js'
import { Toolbar } from '../../components/Toolbar.js'
import { formatCount, formatInstant } from '../../text/format.js'
import { text } from '../../text/text.js'
import { engine, orpc } from '../../transport/engine.js'
import { useLibrary } from '../library/useLibrary.js'
import styles from './SourcesView.module.css'
import { useAddFolders } from './useAddFolders.js'

const words = text.sources
const failuresPerPage = 50

export function SourcesView() {
  const status = useLibrary()
  const [removing, setRemoving] = useState<RootStatus | null>(null)
  const { choose, dialog } = useAddFolders()
  const roots = status.data?.roots ?? []
  return (
    <>
      <Toolbar title={words.title}>
        <Button
          variant="default"
          size="xs"
          leftSection={<RefreshCw size={14} aria-hidden />}
          onClick={() => void attempt(engine.library.rescan({ root: null }))}
        >
          {words.rescanAll}
        </Button>
        <Button size="xs" leftSection={<FolderPlus size={14} aria-hidden />} onClick={choose}>
          {words.add}
        </Button>
      </Toolbar>
      <Page>
        {status.isPending && <Loader />}
        {status.error && (
          <Text c="red" role="alert">
            {describeError(status.error)}
          </Text>
        )}
        {status.data && roots.length === 0 && <Text c="dimmed">{words.empty}</Text>}
        <ul className={styles.roots}>
          {roots.map((root) => (
            <Root key={root.id} root={root} onRemove={() => setRemoving(root)} />
          ))}
        </ul>
        {status.data && status.data.failures.length > 0 && (
          <section>
            <Group justify="space-between" mb="xs">
              <h2 className={styles.heading}>{words.failures}</h2>
              <Button
                variant="default"
                size="xs"
                onClick={() => void attempt(engine.library.retryFailed({ root: null }))}
              >
                {words.retry}
              </Button>
            </Group>
            {status.data.failures.map(({ reason, count }) => (
              <Failures key={reason} reason={reason} count={count} />
            ))}
          </section>
        )}
      </Page>
      <ConfirmDialog
        opened={removing !== null}
        title={words.removeTitle}
        action={words.remove}
        removing
        onClose={() => setRemoving(null)}
        onConfirm={() => {
          if (removing) void attempt(engine.library.removeFolder({ root: removing.id }))
        }}
      >
        <Text size="sm" fw={500} mb="xs" style={{ overflowWrap: 'anywhere' }}>
          {printableName(removing?.path ?? '')}
        </Text>
        <Text size="sm" c="dimmed">
          {words.removeText}
        </Text>
      </ConfirmDialog>
      {dialog}
    </>
  )
}

function Root({ root, onRemove }: { readonly root: RootStatus; readonly onRemove: () => void }) {
  const offline = root.state === 'offline'
  return (
    <li className={styles.root}>
      <div className={styles.about}>
        <Group gap="sm">
          <span className={styles.path}>{printableName(root.path)}</span>
          <Badge
            variant="light"
            color={offline ? 'orange' : 'teal'}
            className={styles.badge!}
            data-state={root.state}
          >
            {offline ? words.offline : root.scanning ? words.scanning : words.online}
          </Badge>
          {root.watching && !offline && (
            <Badge variant="default" className={styles.badge!}>
              {words.watching}
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {[
            words.files(root.files),
            root.missing > 0 ? words.missing(root.missing) : null,
            root.failed > 0 ? words.failed(root.failed) : null,
            root.lastScanAt ? words.lastScan(formatInstant(root.lastScanAt)) : words.never,
          ]
            .filter((part) => part !== null)
            .join(' · ')}
        </Text>
        {offline && <Text size="sm">{words.offlineHint}</Text>}
      </div>
      <Button
        variant="subtle"
        size="xs"
        loading={root.scanning}
        leftSection={<RefreshCw size={14} aria-hidden />}
        onClick={() => void attempt(engine.library.rescan({ root: root.id }))}
      >
        {words.rescan}
      </Button>
      <Button
        variant="subtle"
        color="gray"
        size="xs"
        leftSection={<Trash2 size={14} aria-hidden />}
        onClick={onRemove}
      >
        {words.remove}
      </Button>
    </li>
  )
}

function Failures({ reason, count }: { readonly reason: string; readonly count: number }) {
  const [opened, setOpened] = useState(false)
  const [limit, setLimit] = useState(failuresPerPage)
  const input = { root: null, reason, offset: 0, limit: Math.min(500, limit) }
  const files = useQuery({
    ...orpc.library.failures.queryOptions({ input }),
    enabled: opened,
    placeholderData: (before) => before,
  })
  return (
    <div className={styles.failure}>
      <UnstyledButton
        className={styles.reason}
        aria-expanded={opened}
        onClick={() => setOpened(!opened)}
      >
        <ChevronDown size={16} aria-hidden data-opened={opened || undefined} />
        <span className={styles.words}>{printableName(reason)}</span>
        <span className={styles.count}>{formatCount(count)}</span>
      </UnstyledButton>
      {opened && (
        <ul className={styles.files}>
          {files.data?.files.map(({ path }) => (
            <li key={path}>{printableName(path)}</li>
          ))}
          {files.data && files.data.files.length < files.data.total && limit < 500 && (
            <Button variant="subtle" size="compact-xs" onClick={() => setLimit(limit + 150)}>
              {words.more}
            </Button>
          )}
        </ul>
      )}
    </div>
  )
}
