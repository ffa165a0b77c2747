/** Why a photo is among the results it was opened from, and what the person thinks of that. */
import { Button, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ThumbsDown, ThumbsUp } from 'lucide-react'
import { useQueryText } from '../../app/navigation.js'
import { printableName } from '../../components/printableName.js'
import { text } from '../../text/text.js'
import { orpc } from '../../transport/engine.js'
import { judge } from '../search/judge.js'
import styles from './InfoPanel.module.css'
import { Section } from './Section.js'

const words = text.search

export function WhyHere({ id }: { readonly id: number }) {
  const query = useQueryText()
  const reasons = useQuery({
    ...orpc.search.explain.queryOptions({ input: { query, ids: [id] } }),
    enabled: query !== '',
  })
  const [reason] = reasons.data ?? []
  if (query === '' || !reason) return null
  const { relevance, matched, judgement } = reason
  return (
    <Section title={words.whyHere(query)}>
      <ul className={styles.reasons}>
        {relevance !== null && <li>{words.why(relevance)}</li>}
        {matched.map(({ kind, text: found }) => (
          <li key={`${kind} ${found}`}>
            {words.places[kind]}: {printableName(found)}
          </li>
        ))}
      </ul>
      <Group gap={6}>
        {(['match', 'no match'] as const).map((one) => (
          <Button
            key={one}
            size="xs"
            variant={judgement === one ? 'light' : 'default'}
            aria-pressed={judgement === one}
            leftSection={
              one === 'match' ? (
                <ThumbsUp size={14} aria-hidden />
              ) : (
                <ThumbsDown size={14} aria-hidden />
              )
            }
            onClick={() => judge(query, [id], judgement === one ? null : one)}
          >
            {words.judgements[one]}
          </Button>
        ))}
      </Group>
    </Section>
  )
}
