/** Asks before a model goes, and tells what that frees. */
import { Text } from '@mantine/core'
import { skipToken, useQuery } from '@tanstack/react-query'
import type { ModelStatus } from '../../../shared/domain/library.js'
import { attempt } from '../../app/attempt.js'
import { ConfirmDialog } from '../../components/ConfirmDialog.js'
import { formatBytes } from '../../text/format.js'
import { text } from '../../text/text.js'
import { engine, orpc } from '../../transport/engine.js'

const words = text.models

interface RemoveDialogProps {
  readonly model: ModelStatus | null
  readonly onClose: () => void
}

export function RemoveDialog({ model, onClose }: RemoveDialogProps) {
  const input = model === null ? skipToken : { id: model.id }
  const space = useQuery(orpc.models.describe.queryOptions({ input })).data?.space
  return (
    <ConfirmDialog
      opened={model !== null}
      title={words.removeTitle}
      action={words.remove}
      removing
      onClose={onClose}
      onConfirm={() => {
        if (model) void attempt(engine.models.remove({ id: model.id }))
      }}
    >
      <Text size="sm" fw={500}>
        {model?.name}
      </Text>
      <Text size="sm" c="dimmed">
        {space && (space.files > 0 ? words.removeOurs : words.removeTheirs)}
      </Text>
      {space && (
        <Text size="sm">
          {words.frees(formatBytes(space.files + space.caches), formatBytes(space.embeddings))}
        </Text>
      )}
    </ConfirmDialog>
  )
}
