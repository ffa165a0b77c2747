/** The same search by two models, side by side. */
import { Select, Text, TextInput } from '@mantine/core'
import { skipToken, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ModelStatus } from '../../../shared/domain/library.js'
import { unpack } from '../../../shared/domain/packed.js'
import { describeError } from '../../app/describeError.js'
import { text } from '../../text/text.js'
import { orpc } from '../../transport/engine.js'
import { imageAddress } from '../../transport/imageAddress.js'
import { useLibrary } from '../library/useLibrary.js'
import { describeMeasure } from './Measure.js'
import styles from './ModelsView.module.css'

const words = text.models.compare
const shown = 12

export function Compare({ models }: { readonly models: readonly ModelStatus[] }) {
  const present = models.filter((model) => model.present)
  const active = present.find((model) => model.active)
  const other = present.findLast((model) => model !== active && model.indexed > 0)
  const [chosen, setChosen] = useState<readonly (string | null)[]>([null, null])
  const [query, setQuery] = useState('')
  const [asked, setAsked] = useState('')
  if (present.length < 2) return null
  const ids = [chosen[0] ?? active?.id ?? null, chosen[1] ?? other?.id ?? null]
  return (
    <section className={styles.catalogue} aria-label={words.title}>
      <h2>{words.title}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          setAsked(query.trim())
        }}
      >
        <TextInput
          label={words.query}
          placeholder={words.placeholder}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
      </form>
      <div className={styles.sides}>
        {ids.map((id, side) => (
          <div key={words.sides[side]}>
            <Select
              label={words.sides[side]}
              data={present.map((model) => ({ value: model.id, label: model.name }))}
              value={id}
              allowDeselect={false}
              onChange={(value) => setChosen(ids.map((was, at) => (at === side ? value : was)))}
            />
            <Side id={id} query={asked} />
          </div>
        ))}
      </div>
    </section>
  )
}

function Side({ id, query }: { readonly id: string | null; readonly query: string }) {
  const library = useLibrary().data?.uid ?? ''
  const described = useQuery(
    orpc.models.describe.queryOptions({ input: id === null ? skipToken : { id } }),
  ).data
  const input =
    id === null || query === '' ? skipToken : { query, order: 'relevance' as const, model: id }
  const found = useQuery(orpc.search.run.queryOptions({ input }))
  const photos = found.data ? [...unpack(found.data.ids).subarray(0, shown)] : []
  return (
    <>
      <Text size="sm" c="dimmed" my="xs">
        {described?.measure ? describeMeasure(described.measure) : words.unmeasured}
      </Text>
      {found.error && <Text c="red">{describeError(found.error)}</Text>}
      {found.data && found.data.verdict === 'nothing' && <Text size="sm">{words.nothing}</Text>}
      <ol className={styles.hits}>
        {photos.map((photo) => (
          <li key={photo}>
            <img src={imageAddress(library, photo, 'tile')} alt={words.photo(photo)} />
          </li>
        ))}
      </ol>
    </>
  )
}
