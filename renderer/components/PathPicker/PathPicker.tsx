/** Chooses a folder, or an archive, of the machine that the engine runs on, where there is no dialog of the system. */
import { ActionIcon, Button, Group, Modal, ScrollArea, Text, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ChevronRight, CornerLeftUp, FileArchive, Folder, HardDrive } from 'lucide-react'
import { useState } from 'react'
import { describeError } from '../../app/describeError.js'
import { text } from '../../text/text.js'
import { orpc } from '../../transport/engine.js'
import { printableName } from '../printableName.js'
import styles from './PathPicker.module.css'

export interface PathPickerProps {
  /** A folder is shown and chosen, an archive is chosen by a click. */
  readonly kind: 'folder' | 'archive'
  readonly opened: boolean
  readonly onClose: () => void
  readonly onChoose: (handle: string) => void
}

const words = text.app.folders

export function PathPicker({ kind, opened, onClose, onChoose }: PathPickerProps) {
  const archives = kind === 'archive'
  const [folder, setFolder] = useState<string | null>(null)
  const listing = useQuery({
    ...orpc.library.browse.queryOptions({ input: { folder, archives } }),
    enabled: opened,
    staleTime: 0,
    placeholderData: (before) => before,
  })
  const here = listing.data
  const choose = (handle: string) => {
    onChoose(handle)
    onClose()
  }
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={archives ? words.archiveTitle : words.title}
      size="lg"
      centered
    >
      <Group gap="xs" wrap="nowrap" mb="sm">
        <ActionIcon
          variant="default"
          aria-label={words.up}
          disabled={!here?.parent}
          onClick={() => here?.parent && setFolder(here.parent)}
        >
          <CornerLeftUp size={16} aria-hidden />
        </ActionIcon>
        <Text size="sm" truncate flex={1} dir="ltr">
          {printableName(here?.path ?? '')}
        </Text>
      </Group>
      {listing.error && (
        <Text c="red" size="sm" role="alert">
          {describeError(listing.error)}
        </Text>
      )}
      <div className={styles.columns}>
        <ScrollArea h={320} className={styles.places!}>
          {here?.places.map(({ name, handle }) => (
            <Row
              key={handle}
              name={name}
              icon={<HardDrive size={15} aria-hidden />}
              onClick={() => setFolder(handle)}
            />
          ))}
        </ScrollArea>
        <ScrollArea h={320} className={styles.entries!}>
          {here?.entries.map(({ name, handle }) => (
            <Row
              key={handle}
              name={name}
              icon={<Folder size={15} aria-hidden />}
              onClick={() => setFolder(handle)}
              inner
            />
          ))}
          {here?.archives.map(({ name, handle }) => (
            <Row
              key={handle}
              name={name}
              icon={<FileArchive size={15} aria-hidden />}
              onClick={() => choose(handle)}
            />
          ))}
          {here?.entries.length === 0 && here.archives.length === 0 && (
            <Text c="dimmed" size="sm" p="sm">
              {archives ? words.noArchives : words.noFolders}
            </Text>
          )}
        </ScrollArea>
      </div>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {text.app.cancel}
        </Button>
        {!archives && (
          <Button disabled={!here} onClick={() => here && choose(here.folder)}>
            {words.choose}
          </Button>
        )}
      </Group>
    </Modal>
  )
}

interface RowProps {
  readonly name: string
  readonly icon: React.ReactNode
  readonly inner?: boolean
  readonly onClick: () => void
}

function Row({ name, icon, inner, onClick }: RowProps) {
  return (
    <UnstyledButton className={styles.row} onClick={onClick}>
      {icon}
      <span className={styles.name}>{printableName(name)}</span>
      {inner && <ChevronRight size={14} aria-hidden />}
    </UnstyledButton>
  )
}
