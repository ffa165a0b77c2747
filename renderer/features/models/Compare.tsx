/** The same search by two models, side by side. */
import { Button, Select, Text, TextInput } from '@mantine/core'
import { skipToken, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ListedModel } from '../../../shared/domain/library.js'
import { unpack } from '../../../shared/domain/packed.js'
import type { RankedPhotos } from '../../../shared/domain/search.js'
import { describeError } from '../../app/describeError.js'
import { text } from '../../text/text.js'
import { orpc } from '../../transport/engine.js'
import { imageAddress } from '../../transport/imageAddress.js'
import { useLibrary } from '../library/useLibrary.js'
import { describeMeasure } from './Measure.js'
import styles from './ModelsView.module.css'
import { switchTo } from './switchTo.js'

const words = text.models.compare
const shown = 12

export function Compare({ models }: { readonly models: readonly ListedModel[] }) {
  const present = models.filter((model) => model.present)
  const active = present.find((model) => model.active)
  const others = present.filter((model) => model !== active)
  const other = others.findLast(({ indexed }) => indexed > 0) ?? others.at(-1)
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
            <Side model={present.find((model) => model.id === id)} active={active} query={asked} />
          </div>
        ))}
      </div>
    </section>
  )
}

interface SideProps {
  readonly model: ListedModel | undefined
  readonly active: ListedModel | undefined
  readonly query: string
}

function Side({ model, active, query }: SideProps) {
  const library = useLibrary().data?.uid ?? ''
  const input =
    model === undefined || query === ''
      ? skipToken
      : { query, order: 'relevance' as const, model: model.id }
  const found = useQuery(orpc.search.run.queryOptions({ input }))
  const photos = found.data ? [...unpack(found.data.ids).subarray(0, shown)] : []
  return (
    <>
      <Text size="sm" c="dimmed" my="xs">
        {model?.measure ? describeMeasure(model.measure) : words.unmeasured}
      </Text>
      {found.error && <Text c="red">{describeError(found.error)}</Text>}
      {found.data && model && <Answer found={found.data} model={model} active={active} />}
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

interface AnswerProps {
  readonly found: RankedPhotos
  readonly model: ListedModel
  readonly active: ListedModel | undefined
}

/** How an answer is to be taken: a model is not to blame for photos that it has not looked at. */
function Answer({ found: { searched, verdict, problems }, model, active }: AnswerProps) {
  const photos = useLibrary().data?.photos ?? 0
  // Filters alone need no model.
  if (verdict === 'all') return null
  if (searched === 0 && photos > 0) return <NotSeen model={model} active={active} />
  return (
    <>
      {problems.map(({ start, message }) => (
        <Text key={`${start} ${message}`} size="sm">
          {message}
        </Text>
      ))}
      {searched < photos && <Text size="sm">{words.seen(searched, photos)}</Text>}
      {verdict === 'nothing' && <Text size="sm">{words.nothing}</Text>}
    </>
  )
}

function NotSeen({ model, active }: Omit<AnswerProps, 'found'>) {
  return (
    <div role="status">
      <Text size="sm">{words.notSeen}</Text>
      {!model.active && (
        <>
          <Text size="sm" c="dimmed">
            {words.seeFirst}
          </Text>
          <Button size="xs" variant="default" my="xs" onClick={() => switchTo(model, active)}>
            {text.models.putToUse(model.name)}
          </Button>
        </>
      )}
    </div>
  )
}
