/** Asks whether photos' words are to be written beside their files, and has it done. */
import { Text } from '@mantine/core'
import { attempt } from '../../app/attempt.js'
import { ConfirmDialog } from '../../components/ConfirmDialog.js'
import { text } from '../../text/text.js'
import { engine } from '../../transport/engine.js'

export interface XmpDialogProps {
  readonly ids: readonly number[]
  readonly opened: boolean
  readonly onClose: () => void
}

const words = text.selection

export function XmpDialog({ ids, opened, onClose }: XmpDialogProps) {
  return (
    <ConfirmDialog
      opened={opened}
      title={words.xmp}
      action={words.write}
      onClose={onClose}
      onConfirm={() => void attempt(engine.photos.writeXmp({ ids: [...ids] }), words.xmpStarted)}
    >
      <Text size="sm">{words.xmpQuestion(ids.length)}</Text>
    </ConfirmDialog>
  )
}
