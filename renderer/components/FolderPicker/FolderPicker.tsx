/** Chooses a folder of the machine that the engine runs on, where there is no dialog of the system. */
import { ActionIcon, Button, Group, Modal, ScrollArea, Text, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ChevronRight, CornerLeftUp, Folder, HardDrive } from 'lucide-react'
import { useState } from 'react'
import { describeError } from '../../app/describeError.js'
import { text } from '../../text/text.js'
import { orpc } from '../../transport/engine.js'
import { printableName } from '../printableName.js'
import styles from './FolderPicker.module.css'

export interface FolderPickerProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly onChoose: (folder: string) => void
}

const words = text.app.folders

export function FolderPicker({ opened, onClose, onChoose }: FolderPickerProps) {
  const [folder, setFolder] = useState<string | null>(null)
  const listing = useQuery({
    ...orpc.library.browse.queryOptions({ input: { folder } }),
    enabled: opened,
    staleTime: 0,
    placeholderData: (before) => before,
  })
  const here = listing.data
  return (
    <Modal opened={opened} onClose={onClose} title={words.title} size="lg" centered>
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
          {here?.entries.length === 0 && (
            <Text c="dimmed" size="sm" p="sm">
              {words.noFolders}
            </Text>
          )}
        </ScrollArea>
      </div>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {text.app.cancel}
        </Button>
        <Button
          disabled={!here}
          onClick={() => {
            if (here) onChoose(here.folder)
            onClose()
          }}
        >
          {words.choose}
        </Button>
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
