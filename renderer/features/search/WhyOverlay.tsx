/** On a result in focus or under the pointer: why it is there, and what the person thinks of it. */
import { useQuery } from '@tanstack/react-query'
import { ThumbsDown, ThumbsUp } from 'lucide-react'
import { useState } from 'react'
import { printableName } from '../../components/printableName.js'
import { text } from '../../text/text.js'
import { orpc } from '../../transport/engine.js'
import { judge } from './judge.js'
import styles from './WhyOverlay.module.css'

export interface WhyOverlayProps {
  readonly query: string
  readonly id: number
  readonly focused: boolean
}

const words = text.search
const icons = { match: ThumbsUp, 'no match': ThumbsDown }

/**
 * Asks, and is drawn, only once somebody looks: a hundred results would wait for what nobody sees. The
 * cell has a name of its own, and by keyboard the judgements are G and B; who hears the window instead
 * of seeing it finds both in the photo's information.
 */
export function WhyOverlay({ query, id, focused }: WhyOverlayProps) {
  const [pointed, setPointed] = useState(false)
  return (
    <div
      className={styles.overlay}
      data-shown={focused || undefined}
      aria-hidden
      onPointerEnter={() => setPointed(true)}
    >
      {(pointed || focused) && <Why query={query} id={id} />}
    </div>
  )
}

function Why({ query, id }: Pick<WhyOverlayProps, 'query' | 'id'>) {
  const reasons = useQuery(orpc.search.explain.queryOptions({ input: { query, ids: [id] } }))
  const reason = reasons.data?.[0]
  const match = reason?.matched[0]
  const why = [
    reason?.relevance == null ? null : words.why(reason.relevance),
    match ? `${words.places[match.kind]}: ${printableName(match.text)}` : null,
  ]
    .filter((part) => part !== null)
    .join(' · ')
  return (
    <div className={styles.line}>
      <span className={styles.why} data-why={why} />
      {(['match', 'no match'] as const).map((one) => {
        const Icon = icons[one]
        const pressed = reason?.judgement === one
        return (
          <button
            key={one}
            type="button"
            tabIndex={-1}
            title={words.judgements[one]}
            aria-pressed={pressed}
            onClick={(event) => {
              event.stopPropagation()
              void judge(query, [id], pressed ? null : one)
            }}
          >
            <Icon size={14} aria-hidden />
          </button>
        )
      })}
    </div>
  )
}
