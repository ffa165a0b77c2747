/** Keeps what a person thinks of results, as something to learn from. */
import { notifications } from '@mantine/notifications'
import { describeError } from '../../app/describeError.js'
import { text } from '../../text/text.js'
import { engine } from '../../transport/engine.js'

export type Judgement = 'match' | 'no match'

/** `judgement`: null takes back what was said before. */
export async function judge(
  query: string,
  ids: readonly number[],
  judgement: Judgement | null,
): Promise<void> {
  try {
    await engine.search.judge({ query, ids: [...ids], judgement })
    notifications.show({ message: judgement ? text.search.judged : text.search.unjudged })
  } catch (error) {
    notifications.show({ message: describeError(error), color: 'red' })
  }
}
