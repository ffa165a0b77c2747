/** Keeps what a person thinks of results, as something to learn from. */
import { attempt } from '../../app/attempt.js'
import { text } from '../../text/text.js'
import { engine } from '../../transport/engine.js'

export type Judgement = 'match' | 'no match'

/** `judgement`: null takes back what was said before. */
export function judge(
  query: string,
  ids: readonly number[],
  judgement: Judgement | null,
): Promise<void> {
  const done = judgement ? text.search.judged : text.search.unjudged
  return attempt(engine.search.judge({ query, ids: [...ids], judgement }), done)
}
