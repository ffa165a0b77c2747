/** The one box for words, pictures and filters. */
import { ActionIcon, FileButton, Text } from '@mantine/core'
import { useWindowEvent } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { ImagePlus, Search, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Completion } from '../../../shared/domain/search.js'
import { parseQuery } from '../../../shared/query/parseQuery.js'
import { attempt } from '../../app/attempt.js'
import { openSearch, useQueryText } from '../../app/navigation.js'
import { text } from '../../text/text.js'
import { engine, orpc, queryClient } from '../../transport/engine.js'
import { pictureTerm } from './pictureUpload.js'
import styles from './SearchBox.module.css'
import { Suggestions, suggestionId, suggestionsId } from './Suggestions.js'
import { searchQuery } from './searchQuery.js'
import { usePictureDrop } from './usePictureDrop.js'

/** A pause in typing after which what stands there is searched. */
const typingPauseMs = 250
const suggestionsShown = 12
const words = text.search

export function SearchBox() {
  const queryText = useQueryText()
  const [value, setValue] = useState(queryText)
  const [cursor, setCursor] = useState(0)
  const [active, setActive] = useState(-1)
  const [open, setOpen] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const typing = useRef<ReturnType<typeof setTimeout>>(undefined)

  useEffect(() => setValue(queryText), [queryText])

  const completions = useQuery({
    ...orpc.search.complete.queryOptions({ input: { text: value, cursor } }),
    enabled: open,
    staleTime: 5_000,
    placeholderData: (before) => before,
  })
  const shown = open ? (completions.data ?? []).slice(0, suggestionsShown) : []
  // While something is offered to go on with, what stands there is not finished.
  const problems = shown.length > 0 ? [] : parseQuery(value).problems

  const run = (query: string) => {
    clearTimeout(typing.current)
    setOpen(false)
    setActive(-1)
    openSearch(query, 'relevance', { replace: queryText === query })
    if (query.trim() !== '') void remember(query)
  }
  const change = (next: string, at: number) => {
    setValue(next)
    setCursor(at)
    setActive(-1)
    setOpen(true)
    clearTimeout(typing.current)
    typing.current = setTimeout(
      () => openSearch(next, 'relevance', { replace: queryText !== '' }),
      typingPauseMs,
    )
  }
  const accept = ({ start, end, insert, kind }: Completion) => {
    const next = value.slice(0, start) + insert + value.slice(end)
    if (kind === 'history') {
      setValue(insert)
      run(insert)
      return
    }
    change(next, start + insert.length)
    input.current?.focus()
  }
  const forget = (query: string) => {
    const forgetting = engine.search.forget({ query })
    void attempt(
      forgetting.then(() => queryClient.invalidateQueries({ queryKey: orpc.search.key() })),
    )
    setActive(-1)
  }
  const addPicture = async (file: Blob | null) => {
    if (!file) return
    try {
      const term = await pictureTerm(file)
      run(value.trim() === '' ? term : `${value.trim()} + ${term}`)
    } catch {
      notifications.show({ message: words.pictureFailed, color: 'red' })
    }
  }

  useWindowEvent('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || isTyping(event.target)) return
    event.preventDefault()
    input.current?.focus()
    input.current?.select()
  })
  const dragging = usePictureDrop((file) => void addPicture(file))

  return (
    <search className={styles.search}>
      <div className={styles.field} data-problem={problems.length > 0 || undefined}>
        <Search size={17} aria-hidden className={styles.icon} />
        <input
          ref={input}
          className={styles.input}
          role="combobox"
          aria-label={words.box}
          aria-expanded={shown.length > 0}
          aria-controls={suggestionsId}
          aria-activedescendant={active >= 0 ? suggestionId(active) : undefined}
          aria-invalid={problems.length > 0}
          autoComplete="off"
          spellCheck={false}
          placeholder={words.placeholder}
          value={value}
          maxLength={4_000}
          onChange={(event) =>
            change(event.currentTarget.value, event.currentTarget.selectionStart ?? 0)
          }
          onFocus={(event) => {
            setCursor(event.currentTarget.selectionStart ?? 0)
            setOpen(true)
          }}
          onBlur={() => setOpen(false)}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
              if (shown.length === 0) return
              event.preventDefault()
              const step = event.key === 'ArrowDown' ? 1 : -1
              setActive((active + step + shown.length + 1) % (shown.length + 1))
            } else if (event.key === 'Enter') {
              const chosen = shown[active]
              if (chosen) accept(chosen)
              else run(value)
            } else if (event.key === 'Tab' && active >= 0 && shown[active]) {
              event.preventDefault()
              accept(shown[active])
            } else if (event.key === 'Delete' && event.shiftKey && shown[active]) {
              if (shown[active].kind !== 'history') return
              event.preventDefault()
              forget(shown[active].insert)
            } else if (event.key === 'Escape') {
              if (open && shown.length > 0) setOpen(false)
              else if (value !== '') change('', 0)
              else event.currentTarget.blur()
            }
          }}
        />
        {value !== '' && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={words.clear}
            onClick={() => change('', 0)}
          >
            <X size={16} aria-hidden />
          </ActionIcon>
        )}
        <FileButton onChange={(file) => void addPicture(file)} accept="image/*">
          {(props) => (
            <ActionIcon
              {...props}
              variant="subtle"
              color="gray"
              aria-label={words.addPicture}
              title={words.addPicture}
            >
              <ImagePlus size={17} aria-hidden />
            </ActionIcon>
          )}
        </FileButton>
      </div>
      {problems.length > 0 && (
        <Text className={styles.problem} size="xs" role="status">
          {problems[0]!.message}
        </Text>
      )}
      {shown.length > 0 && (
        <Suggestions completions={shown} active={active} onAccept={accept} onForget={forget} />
      )}
      {dragging && <div className={styles.drop}>{words.dropHere}</div>}
    </search>
  )
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, [contenteditable]')
}

/** Once it is answered: the answer would wait for what is written to the disk. */
async function remember(query: string): Promise<void> {
  try {
    await queryClient.ensureQueryData(searchQuery(query, 'relevance'))
  } catch {
    // What was asked for is remembered, whatever came of it.
  }
  try {
    await engine.search.remember({ query })
    await queryClient.invalidateQueries({ queryKey: orpc.search.history.key() })
  } catch {
    // The connection was lost; a search that is not remembered is typed again.
  }
}
