/** What to learn from, and how. */
import {
  Button,
  Checkbox,
  Group,
  MultiSelect,
  NumberInput,
  SegmentedControl,
  Text,
  TextInput,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { GraduationCap } from 'lucide-react'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import type { LibraryStatus } from '../../../shared/domain/library.js'
import type { TeachMethod, TeachSource } from '../../../shared/domain/teaching.js'
import { showError } from '../../app/attempt.js'
import { describeError } from '../../app/describeError.js'
import { printableName } from '../../components/printableName.js'
import { text } from '../../text/text.js'
import { orpc, queryClient } from '../../transport/engine.js'
import { LessonPreview } from './LessonPreview.js'
import { MethodChoice } from './MethodChoice.js'
import styles from './TeachView.module.css'

const words = text.teach

export function LessonForm({ status }: { readonly status: LibraryStatus }) {
  const selected = useSelectedPhotos()
  const [kind, setKind] = useState<TeachSource['kind']>(selected.length > 0 ? 'photos' : 'library')
  const [roots, setRoots] = useState<string[]>([])
  const [query, setQuery] = useState('')
  const [use, setUse] = useState({ captions: true, tags: true, names: true, judgements: true })
  const [method, setMethod] = useState<TeachMethod>('quick')
  const [minutes, setMinutes] = useState<number | null>(null)
  const [name, setName] = useState(words.defaultName)
  const [lesson] = useDebouncedValue({ source: sourceOf(kind, roots, query, selected), use }, 300)

  const preview = useQuery({
    ...orpc.teach.preview.queryOptions({
      input: { source: lesson.source ?? { kind: 'library' }, words: lesson.use },
    }),
    enabled: lesson.source !== null,
    placeholderData: keepPreviousData,
  })
  const start = useMutation({
    ...orpc.teach.start.mutationOptions(),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: orpc.teach.key() }),
    onError: showError,
  })
  const kinds = [
    'library',
    'folders',
    'search',
    ...(selected.length > 0 ? ['photos'] : []),
  ] as const
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        const { source } = lesson
        if (source) start.mutate({ source, words: lesson.use, method, minutes, name: name.trim() })
      }}
    >
      <section>
        <h2 className={styles.heading}>{words.from}</h2>
        <SegmentedControl
          aria-label={words.from}
          value={kind}
          onChange={(value) => setKind(value as TeachSource['kind'])}
          data={kinds.map((value) => ({
            value,
            label: words.sources[value as TeachSource['kind']],
          }))}
        />
        {kind === 'folders' && (
          <MultiSelect
            mt="sm"
            label={words.sources.folders}
            value={roots}
            onChange={setRoots}
            data={status.roots.map(({ id, path }) => ({
              value: String(id),
              label: printableName(path),
            }))}
          />
        )}
        {kind === 'search' && (
          <TextInput
            mt="sm"
            label={words.query}
            value={query}
            onChange={(event) => setQuery(event.currentTarget.value)}
          />
        )}
        {kind === 'photos' && (
          <Text size="sm" mt="sm">
            {words.selected(selected.length)}
          </Text>
        )}
        <Group mt="md" gap="lg" role="group" aria-label={words.words}>
          {(['captions', 'tags', 'names', 'judgements'] as const).map((one) => (
            <Checkbox
              key={one}
              label={`${words.kinds[one]}${preview.data ? ` (${preview.data.byWords[one]})` : ''}`}
              checked={use[one]}
              onChange={(event) => setUse({ ...use, [one]: event.currentTarget.checked })}
            />
          ))}
        </Group>
      </section>
      {preview.error && (
        <Text c="red" size="sm" role="alert">
          {describeError(preview.error)}
        </Text>
      )}
      {preview.data && (
        <LessonPreview preview={preview.data} use={lesson.use} library={status.uid} />
      )}
      <section>
        <h2 className={styles.heading}>{words.method}</h2>
        <MethodChoice
          method={method}
          onChange={setMethod}
          pairs={preview.data?.possible ? preview.data.pairs : null}
          minutes={minutes}
        />
        <Group mt="md" align="flex-end">
          <TextInput
            label={words.name}
            value={name}
            maxLength={80}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NumberInput
            label={words.minutes}
            value={minutes ?? ''}
            min={0.1}
            max={10_000}
            onChange={(value) => setMinutes(typeof value === 'number' && value > 0 ? value : null)}
          />
          <Button
            type="submit"
            loading={start.isPending}
            disabled={!preview.data?.possible || name.trim() === '' || lesson.source === null}
            leftSection={<GraduationCap size={18} aria-hidden />}
          >
            {words.start}
          </Button>
        </Group>
      </section>
    </form>
  )
}

/** Null while it is not complete. */
function sourceOf(
  kind: TeachSource['kind'],
  roots: readonly string[],
  query: string,
  ids: number[],
): TeachSource | null {
  switch (kind) {
    case 'library':
      return { kind }
    case 'folders':
      return roots.length > 0 ? { kind, roots: roots.map(Number) } : null
    case 'search':
      return query.trim() === '' ? null : { kind, query: query.trim() }
    case 'photos':
      return ids.length > 0 ? { kind, ids } : null
  }
}

/** The photos that the address names, as the selection bar writes it. */
function useSelectedPhotos(): number[] {
  const listed = useSearchParams()[0].get('photos') ?? ''
  return listed
    .split(',')
    .map(Number)
    .filter((id) => Number.isInteger(id) && id > 0)
}
