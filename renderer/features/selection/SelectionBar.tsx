/** What can be done with the selected photos, all at once. */
import { ActionIcon, Button, Group, Popover, Text, TextInput } from '@mantine/core'
import {
  Captions,
  FileOutput,
  GraduationCap,
  Images,
  Tag,
  ThumbsDown,
  ThumbsUp,
  X,
} from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { navigate } from 'wouter/use-browser-location'
import { attempt } from '../../app/attempt.js'
import { openSearch, paths } from '../../app/navigation.js'
import { text } from '../../text/text.js'
import { engine } from '../../transport/engine.js'
import { judge } from '../search/judge.js'
import styles from './SelectionBar.module.css'
import { clearSelection, useSelection } from './selection.js'
import { XmpDialog } from './XmpDialog.js'

const words = text.selection
/** More examples than this say nothing new, and an address has an end. */
const similarLimit = 8

export function SelectionBar({ query }: { readonly query?: string }) {
  const selection = useSelection()
  const [asking, setAsking] = useState(false)
  const ids = [...selection.ids]
  if (ids.length === 0) return null

  const edit = (add: { captions: string[]; tags: string[] }) =>
    void attempt(
      engine.photos.editWords({ ids, add, remove: { captions: [], tags: [] } }),
      words.saved(ids.length),
    )
  return (
    <section className={styles.bar} aria-label={words.bar}>
      <Text size="sm" fw={600} aria-live="polite">
        {words.count(ids.length)}
      </Text>
      <Group gap={6} wrap="nowrap">
        <WordButton
          icon={<Tag size={16} aria-hidden />}
          label={words.tag}
          placeholder={words.tagPlaceholder}
          onAdd={(tag) => edit({ captions: [], tags: [tag] })}
        />
        <WordButton
          icon={<Captions size={16} aria-hidden />}
          label={words.caption}
          placeholder={words.captionPlaceholder}
          onAdd={(caption) => edit({ captions: [caption], tags: [] })}
        />
        {query && (
          <>
            <Action
              icon={<ThumbsUp size={16} />}
              label={text.search.judgements.match}
              onClick={() => void judge(query, ids, 'match')}
            />
            <Action
              icon={<ThumbsDown size={16} />}
              label={text.search.judgements['no match']}
              onClick={() => void judge(query, ids, 'no match')}
            />
          </>
        )}
        <Action
          icon={<Images size={16} />}
          label={words.similar}
          onClick={() =>
            openSearch(
              ids
                .slice(0, similarLimit)
                .map((id) => `like:${id}`)
                .join(' + '),
            )
          }
        />
        <Action
          icon={<GraduationCap size={16} />}
          label={words.teach}
          onClick={() => navigate(`${paths.teach}?photos=${ids.join()}`)}
        />
        <Action icon={<FileOutput size={16} />} label={words.xmp} onClick={() => setAsking(true)} />
        <ActionIcon variant="subtle" color="gray" aria-label={words.clear} onClick={clearSelection}>
          <X size={18} aria-hidden />
        </ActionIcon>
      </Group>
      <XmpDialog ids={ids} opened={asking} onClose={() => setAsking(false)} />
    </section>
  )
}

interface ActionProps {
  readonly icon: ReactNode
  readonly label: string
  readonly onClick: () => void
}

function Action({ icon, label, onClick }: ActionProps) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      {icon}
    </ActionIcon>
  )
}

interface WordButtonProps {
  readonly icon: ReactNode
  readonly label: string
  readonly placeholder: string
  readonly onAdd: (word: string) => void
}

function WordButton({ icon, label, placeholder, onAdd }: WordButtonProps) {
  const [opened, setOpened] = useState(false)
  const [word, setWord] = useState('')
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus position="top" shadow="md">
      <Popover.Target>
        <Button variant="default" size="xs" leftSection={icon} onClick={() => setOpened(!opened)}>
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (word.trim() === '') return
            onAdd(word.trim())
            setWord('')
            setOpened(false)
          }}
        >
          <Group gap={8} wrap="nowrap">
            <TextInput
              data-autofocus
              aria-label={placeholder}
              placeholder={placeholder}
              value={word}
              maxLength={2_000}
              onChange={(event) => setWord(event.currentTarget.value)}
            />
            <Button type="submit" size="sm">
              {text.selection.add}
            </Button>
          </Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
