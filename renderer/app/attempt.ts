/** Tells a person what became of something they began. */
import { notifications } from '@mantine/notifications'
import { describeError } from './describeError.js'

export function showError(error: unknown): void {
  notifications.show({ message: describeError(error), color: 'red' })
}

/** Shows the error if `work` fails, and what is `done` if it does not. Never rejects. */
export async function attempt(work: Promise<unknown>, done?: string): Promise<void> {
  try {
    await work
    if (done !== undefined) notifications.show({ message: done })
  } catch (error) {
    showError(error)
  }
}
