/** Asks before something is done that a person might not mean. */
import { Button, Group, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { text } from '../text/text.js'

export interface ConfirmDialogProps {
  readonly opened: boolean
  readonly title: string
  /** What will happen, and to what. */
  readonly children: ReactNode
  /** Names what is done. */
  readonly action: string
  /** Whether it takes something away. */
  readonly removing?: boolean
  readonly onConfirm: () => void
  readonly onClose: () => void
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { opened, title, children, action, removing, onConfirm, onClose } = props
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      centered
      // Above the photo view, if it is asked there, whose keys are not meant here: events rise
      // through React's tree, out of the portal.
      zIndex={300}
      onKeyDown={(event) => event.stopPropagation()}
    >
      {children}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {text.app.cancel}
        </Button>
        <Button
          {...(removing ? { color: 'red.8' } : {})}
          onClick={() => {
            onClose()
            onConfirm()
          }}
        >
          {action}
        </Button>
      </Group>
    </Modal>
  )
}
