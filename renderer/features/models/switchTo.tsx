/** Puts another model to use, and offers the way back. */
import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { ModelStatus } from '../../../shared/domain/library.js'
import { attempt } from '../../app/attempt.js'
import { text } from '../../text/text.js'
import { engine, orpc, queryClient } from '../../transport/engine.js'

const words = text.models

const changed = () => queryClient.invalidateQueries({ queryKey: orpc.models.key() })

/** `former`: the model that was in use until now, if any was. */
export function switchTo(model: ModelStatus, former: ModelStatus | undefined): void {
  void attempt(
    engine.models.use({ id: model.id }).then(({ job }) => {
      void changed()
      notifications.show({
        message: (
          <Group justify="space-between">
            {job === null ? words.inUse(model.name) : words.soon(model.name, former?.name ?? '')}
            {former && (
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => void attempt(engine.models.use({ id: former.id }).then(changed))}
              >
                {words.undo}
              </Button>
            )}
          </Group>
        ),
      })
    }),
  )
}
