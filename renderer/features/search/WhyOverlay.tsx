/** On a result: why it is there, and what the person thinks of it. */
import { useQuery } from '@tanstack/react-query'
import { ThumbsDown, ThumbsUp } from 'lucide-react'
import { useState } from 'react'
import { text } from '../../text/text.js'
import { orpc } from '../../transport/engine.js'
import styles from './WhyOverlay.module.css'

export interface WhyOverlayProps {
  readonly query: string
  readonly id: number
  readonly onJudge: (id: number, judgement: 'match' | 'no match') => void
}

const words = text.search
const places = { name: words.inName, caption: words.inCaption, tag: words.inTag }

/** Asks only once the pointer rests on the photo. */
export function WhyOverlay({ query, id, onJudge }: WhyOverlayProps) {
  const [looked, setLooked] = useState(false)
  const reasons = useQuery({
    ...orpc.search.explain.queryOptions({ input: { query, ids: [id] } }),
    enabled: looked,
  })
  const reason = reasons.data?.[0]
  const match = reason?.matched[0]
  return (
    <div className={styles.overlay} onPointerEnter={() => setLooked(true)}>
      <div className={styles.line}>
        <span className={styles.why}>
          {reason?.relevance != null && words.why(reason.relevance)}
          {match && ` · ${places[match.kind]}: ${match.text}`}
        </span>
        <button
          type="button"
          tabIndex={-1}
          aria-label={words.match}
          title={words.match}
          aria-pressed={reason?.judgement === 'match'}
          onClick={(event) => {
            event.stopPropagation()
            onJudge(id, 'match')
          }}
        >
          <ThumbsUp size={14} aria-hidden />
        </button>
        <button
          type="button"
          tabIndex={-1}
          aria-label={words.noMatch}
          title={words.noMatch}
          aria-pressed={reason?.judgement === 'no match'}
          onClick={(event) => {
            event.stopPropagation()
            onJudge(id, 'no match')
          }}
        >
          <ThumbsDown size={14} aria-hidden />
        </button>
      </div>
    </div>
  )
}
