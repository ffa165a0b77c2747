/** What the search box offers to go on with. */
import { Paper, UnstyledButton } from '@mantine/core'
import { Clock, Shapes, SlidersHorizontal, Tag, X } from 'lucide-react'
import type { Completion } from '../../../shared/domain/search.js'
import { formatCount } from '../../text/format.js'
import { text } from '../../text/text.js'
import styles from './SearchBox.module.css'

export interface SuggestionsProps {
  readonly completions: readonly Completion[]
  /** The one that keys have led to; -1 for none. */
  readonly active: number
  readonly onAccept: (completion: Completion) => void
  readonly onForget: (query: string) => void
}

const words = text.search
export const suggestionsId = 'search-suggestions'
const icons = {
  history: Clock,
  tag: Tag,
  object: Shapes,
  filter: SlidersHorizontal,
  value: SlidersHorizontal,
}

export function suggestionId(index: number): string {
  return `suggestion-${index}`
}

export function Suggestions({ completions, active, onAccept, onForget }: SuggestionsProps) {
  return (
    <Paper
      className={styles.list}
      shadow="md"
      role="listbox"
      id={suggestionsId}
      aria-label={words.suggestions}
    >
      {completions.map((completion, index) => {
        const { kind, label, count, insert } = completion
        const Icon = icons[kind]
        return (
          <UnstyledButton
            key={`${kind} ${label}`}
            id={suggestionId(index)}
            role="option"
            aria-selected={index === active}
            tabIndex={-1}
            className={styles.option}
            onMouseDown={(event) => {
              // The box keeps the focus.
              event.preventDefault()
              onAccept(completion)
            }}
          >
            <Icon size={14} aria-hidden />
            <span className={styles.label}>
              {kind === 'filter' && <b className={styles.filter}>{insert}</b>}
              {label}
            </span>
            {count !== null && <span className={styles.count}>{formatCount(count)}</span>}
            {kind === 'history' && (
              // An option holds no buttons: by keyboard it is Shift+Delete.
              <span
                className={styles.forget}
                aria-hidden
                title={words.forget}
                onMouseDown={(event) => {
                  event.preventDefault()
                  event.stopPropagation()
                  onForget(insert)
                }}
              >
                <X size={14} />
              </span>
            )}
          </UnstyledButton>
        )
      })}
    </Paper>
  )
}
