/** What is known of a photo, and what a person says of it. */
import { Badge, Button, CloseButton, Switch, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { FileOutput, Plus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { PhotoDetail, PhotoWord } from '../../../shared/domain/photo.js'
import { attempt } from '../../app/attempt.js'
import { openSearch, useOpenPhoto, useQueryText } from '../../app/navigation.js'
import { printableName } from '../../components/printableName.js'
import { formatBytes, formatLocalDay, formatLocalTime, formatNumber } from '../../text/format.js'
import { text } from '../../text/text.js'
import { engine, orpc } from '../../transport/engine.js'
import { imageAddress } from '../../transport/imageAddress.js'
import { XmpDialog } from '../selection/XmpDialog.js'
import styles from './InfoPanel.module.css'
import { ObjectList } from './ObjectList.js'
import { Section } from './Section.js'
import { WhyHere } from './WhyHere.js'

export interface InfoPanelProps {
  readonly photo: PhotoDetail
  readonly library: string
  readonly mapWords: string | null
  readonly onMap: (words: string | null) => void
  /** A class of things that is pointed at; null for none. */
  readonly onPoint: (name: string | null) => void
}

const words = text.photo
type Kind = 'captions' | 'tags'

export function InfoPanel({ photo, library, mapWords, onMap, onPoint }: InfoPanelProps) {
  return (
    <aside className={styles.panel} aria-label={words.info}>
      <WhyHere id={photo.id} />
      <ObjectList objects={photo.objects} onPoint={onPoint} />
      <WordList photo={photo} kind="captions" label={words.captions} add={words.addCaption} />
      <WordList photo={photo} kind="tags" label={words.tags} add={words.addTag} />
      <WriteWords id={photo.id} />
      <Suggestions photo={photo} />
      <MapField mapWords={mapWords} onMap={onMap} />
      <Facts photo={photo} />
      <Similar id={photo.id} library={library} />
    </aside>
  )
}

function editWords(id: number, kind: Kind, word: string, adding: boolean): Promise<void> {
  const none = { captions: [], tags: [] }
  const one = { ...none, [kind]: [word] }
  const change = adding ? { add: one, remove: none } : { add: none, remove: one }
  return attempt(engine.photos.editWords({ ids: [id], ...change }))
}

interface WordListProps {
  readonly photo: PhotoDetail
  readonly kind: Kind
  readonly label: string
  readonly add: string
}

function WordList({ photo, kind, label, add }: WordListProps) {
  const [draft, setDraft] = useState('')
  return (
    <Section title={label}>
      <ul className={kind === 'tags' ? styles.tags : styles.captions}>
        {uniqueWords(photo[kind]).map(({ text: word, source }) => (
          <li key={word} title={words.sources[source] ?? source}>
            <span>{word}</span>
            <CloseButton
              size="xs"
              aria-label={words.remove(word)}
              onClick={() => void editWords(photo.id, kind, word, false)}
            />
          </li>
        ))}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (draft.trim() === '') return
          void editWords(photo.id, kind, draft.trim(), true)
          setDraft('')
        }}
      >
        <TextInput
          size="xs"
          aria-label={add}
          placeholder={add}
          value={draft}
          maxLength={2_000}
          onChange={(event) => setDraft(event.currentTarget.value)}
        />
      </form>
    </Section>
  )
}

/** For other programs; here words are kept as soon as they are given. */
function WriteWords({ id }: { readonly id: number }) {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button
        variant="default"
        size="xs"
        mb="lg"
        leftSection={<FileOutput size={14} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        {text.selection.xmp}
      </Button>
      <XmpDialog ids={[id]} opened={asking} onClose={() => setAsking(false)} />
    </>
  )
}

/** Two sources may say the same. */
function uniqueWords(all: readonly PhotoWord[]): PhotoWord[] {
  return all.filter((word, index) => all.findIndex(({ text: of }) => of === word.text) === index)
}

function Suggestions({ photo }: { readonly photo: PhotoDetail }) {
  const suggestions = useQuery(
    orpc.photos.suggestWords.queryOptions({ input: { id: photo.id, limit: 12 } }),
  )
  if (!suggestions.data) return null
  return (
    <Section title={words.suggestions}>
      {suggestions.data.length === 0 && <p className={styles.quiet}>{words.noSuggestions}</p>}
      <div className={styles.chips}>
        {suggestions.data.map(({ text: word, kind }) => (
          <Badge
            key={word}
            component="button"
            variant="default"
            size="lg"
            className={styles.chip!}
            leftSection={<Plus size={12} aria-hidden />}
            aria-label={words.accept(word)}
            onClick={() =>
              void editWords(photo.id, kind === 'tag' ? 'tags' : 'captions', word, true)
            }
          >
            {word}
          </Badge>
        ))}
      </div>
    </Section>
  )
}

function MapField({ mapWords, onMap }: Pick<InfoPanelProps, 'mapWords' | 'onMap'>) {
  const query = useQueryText()
  const [draft, setDraft] = useState(query)
  return (
    <Section title={words.map}>
      <form
        className={styles.map}
        onSubmit={(event) => {
          event.preventDefault()
          onMap(draft.trim() || null)
        }}
      >
        <TextInput
          size="xs"
          aria-label={words.mapField}
          placeholder={words.mapField}
          value={draft}
          onChange={(event) => setDraft(event.currentTarget.value)}
        />
        <Switch
          size="sm"
          aria-label={words.map}
          checked={mapWords !== null}
          disabled={draft.trim() === ''}
          onChange={(event) => onMap(event.currentTarget.checked ? draft.trim() : null)}
        />
      </form>
    </Section>
  )
}

function Facts({ photo }: { readonly photo: PhotoDetail }) {
  const { takenAt, takenAtSource, zoneMinutes, width, height, latitude, longitude } = photo
  const zone = zoneMinutes === null ? '' : ` (${words.zone(zoneMinutes)})`
  return (
    <dl className={styles.facts}>
      {takenAt && (
        <Fact label={words.taken}>
          {isDayAlone(photo) ? formatLocalDay(takenAt) : formatLocalTime(takenAt)}
          {zone}
          {takenAtSource && <small>{words.takenBy[takenAtSource]}</small>}
        </Fact>
      )}
      {photo.camera && <Fact label={words.camera}>{photo.camera}</Fact>}
      {photo.lens && <Fact label={words.lens}>{photo.lens}</Fact>}
      {exposureOf(photo) && <Fact label={words.exposure}>{exposureOf(photo)}</Fact>}
      <Fact label={words.size}>
        {width && height ? `${width} × ${height}, ` : ''}
        {photo.format.toUpperCase()}, {formatBytes(photo.sizeBytes)}
      </Fact>
      {latitude !== null && longitude !== null && (
        <Fact label={words.place}>
          {latitude.toFixed(5)}, {longitude.toFixed(5)}
        </Fact>
      )}
      <Fact label={words.files}>
        {photo.files.map(({ path, state, offline }) => (
          <span key={path} className={styles.path}>
            {printableName(path)}
            {offline && <small>{words.offline}</small>}
            {state === 'missing' && <small>{words.missing}</small>}
          </span>
        ))}
      </Fact>
    </dl>
  )
}

/** Names of files often tell the day and no time. */
function isDayAlone({ takenAt, takenAtSource }: PhotoDetail): boolean {
  return takenAtSource === 'name' && takenAt?.endsWith('T00:00:00') === true
}

function exposureOf({ exposureSeconds, fNumber, iso, focalLengthMm }: PhotoDetail): string {
  const time =
    exposureSeconds === null
      ? null
      : exposureSeconds < 0.4
        ? `1/${Math.round(1 / exposureSeconds)} s`
        : `${formatNumber(exposureSeconds)} s`
  const parts = [
    time,
    fNumber === null ? null : `ƒ/${formatNumber(fNumber)}`,
    iso === null ? null : `ISO ${iso}`,
    focalLengthMm === null ? null : `${formatNumber(focalLengthMm)} mm`,
  ]
  return parts.filter((part) => part !== null).join('  ')
}

function Similar({ id, library }: { readonly id: number; readonly library: string }) {
  const [, openPhoto] = useOpenPhoto()
  const similar = useQuery(orpc.photos.similar.queryOptions({ input: { id, limit: 9 } }))
  if (!similar.data?.length) return null
  return (
    <Section title={words.similar}>
      <div className={styles.similar}>
        {similar.data.map(({ photoId }, index) => (
          <button
            key={photoId}
            type="button"
            aria-label={words.similarOne(index + 1)}
            onClick={() => openPhoto(photoId)}
          >
            <img src={imageAddress(library, photoId, 'tile')} alt="" />
          </button>
        ))}
      </div>
      <button type="button" className={styles.link} onClick={() => openSearch(`like:${id}`)}>
        {words.showSimilar}
      </button>
    </Section>
  )
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}
