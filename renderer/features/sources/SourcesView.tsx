/** The folders and their state. */
import { Badge, Button, Group, Text } from '@mantine/core'
import { FolderPlus, RefreshCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { RootStatus } from '../../../shared/domain/library.js'
import { attempt } from '../../app/attempt.js'
import { ConfirmDialog } from '../../components/ConfirmDialog.js'
import { Page } from '../../components/Page.js'
import { printableName } from '../../components/printableName.js'
import { QueryState } from '../../components/QueryState.js'
import { Toolbar } from '../../components/Toolbar.js'
import { formatInstant } from '../../text/format.js'
import { text } from '../../text/text.js'
import { engine } from '../../transport/engine.js'
import { useLibrary } from '../library/useLibrary.js'
import { Failures } from './Failures.js'
import styles from './SourcesView.module.css'
import { useAddFolders } from './useAddFolders.js'

const words = text.sources

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
        <QueryState queries={[status]} failed={words.foldersFailed} />
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
