/** What can be set; every change counts at once. */
import {
  Button,
  Group,
  NumberInput,
  SegmentedControl,
  Select,
  Switch,
  Text,
  TextInput,
} from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Settings } from '../../../shared/domain/settings.js'
import { showError } from '../../app/attempt.js'
import { Page } from '../../components/Page.js'
import { useChooseFolders } from '../../components/PathPicker/useChooseFolders.js'
import { printableName } from '../../components/printableName.js'
import { QueryState } from '../../components/QueryState.js'
import { Toolbar } from '../../components/Toolbar.js'
import { formatBytes } from '../../text/format.js'
import { text } from '../../text/text.js'
import { engine, orpc, queryClient } from '../../transport/engine.js'
import styles from './SettingsView.module.css'

const words = text.settings
const gigabyte = 1e9

export function SettingsView() {
  const settings = useQuery(orpc.settings.get.queryOptions())
  const save = useMutation({
    ...orpc.settings.set.mutationOptions(),
    onSuccess: (saved) => queryClient.setQueryData(orpc.settings.get.queryKey(), saved),
    onError: showError,
  })
  const set = (change: Partial<Settings>) => save.mutate(change)
  return (
    <>
      <Toolbar title={words.title} />
      <Page>
        <QueryState queries={[settings]} failed={words.failed} />
        {settings.data && <Fields settings={settings.data} set={set} />}
        {settings.data && <Places />}
        <Section title={words.privacy}>
          <Text size="sm">{words.privacyText}</Text>
        </Section>
      </Page>
    </>
  )
}

interface FieldsProps {
  readonly settings: Settings
  readonly set: (change: Partial<Settings>) => void
}

function Fields({ settings, set }: FieldsProps) {
  return (
    <>
      <Section title={words.appearance}>
        <SegmentedControl
          aria-label={words.theme}
          value={settings.theme}
          onChange={(theme) => set({ theme: theme as Settings['theme'] })}
          data={(['light', 'dark', 'system'] as const).map((value) => ({
            value,
            label: words.themes[value],
          }))}
        />
      </Section>
      <Section title={words.computing}>
        <Group align="flex-start">
          <Select
            label={words.device}
            value={settings.device}
            allowDeselect={false}
            onChange={(device) => set({ device: device as Settings['device'] })}
            data={(['cpu', 'webgpu', 'auto'] as const).map((value) => ({
              value,
              label: words.devices[value],
            }))}
          />
          <NumberInput
            label={words.threads}
            description={words.threadsHint}
            inputWrapperOrder={['label', 'input', 'description']}
            value={settings.threads}
            min={0}
            max={256}
            clampBehavior="strict"
            allowDecimal={false}
            onChange={(threads) => typeof threads === 'number' && set({ threads })}
          />
        </Group>
      </Section>
      <Section title={words.folders}>
        <Switch
          label={words.watch}
          checked={settings.watchFolders}
          onChange={(event) => set({ watchFolders: event.currentTarget.checked })}
        />
      </Section>
      <Section title={words.objects}>
        <Switch
          label={words.findObjects}
          description={words.findObjectsHint}
          checked={settings.findObjects}
          onChange={(event) => set({ findObjects: event.currentTarget.checked })}
        />
      </Section>
      <Section title={words.downloads}>
        <Group align="flex-start">
          <Address
            label={words.hub}
            description={words.hubHint}
            value={settings.hubAddress}
            onChange={(hubAddress) => set({ hubAddress })}
          />
          <Address
            label={words.proxy}
            description={words.proxyHint}
            value={settings.proxyAddress}
            onChange={(proxyAddress) => set({ proxyAddress })}
          />
        </Group>
      </Section>
      <Section title={words.thumbnails}>
        <NumberInput
          w={160}
          label={words.limit}
          value={settings.thumbnailLimitBytes / gigabyte}
          min={0.1}
          max={10_000}
          step={1}
          decimalScale={1}
          onChange={(limit) =>
            typeof limit === 'number' &&
            limit >= 0.1 &&
            set({ thumbnailLimitBytes: Math.round(limit * gigabyte) })
          }
        />
      </Section>
    </>
  )
}

interface AddressProps {
  readonly label: string
  readonly description: string
  readonly value: string
  readonly onChange: (value: string) => void
}

/** Counts once it is left: half an address is none. */
function Address({ label, description, value, onChange }: AddressProps) {
  return (
    <TextInput
      key={value}
      label={label}
      description={description}
      inputWrapperOrder={['label', 'input', 'description']}
      miw={280}
      defaultValue={value}
      onBlur={(event) => {
        const typed = event.currentTarget.value.trim()
        if (typed !== value) onChange(typed)
      }}
    />
  )
}

/** Something that takes a while, and what to say once it is done. */
interface Change {
  readonly work: () => Promise<unknown>
  readonly done: string
}

function Places() {
  const places = useQuery({ ...orpc.settings.places.queryOptions(), staleTime: 0 })
  const change = useMutation({
    mutationFn: ({ work }: Change) => work(),
    onSuccess: (_, { done }) => {
      notifications.show({ message: done })
      void queryClient.invalidateQueries({ queryKey: orpc.settings.places.key() })
    },
    onError: showError,
  })
  const moveThumbnails = (folder: string | null) =>
    change.mutate({ work: () => engine.settings.moveThumbnails({ folder }), done: words.moved })
  const library = useChooseFolders(([folder = '']) =>
    change.mutate({ work: () => engine.settings.moveLibrary({ folder }), done: words.moved }),
  )
  const thumbnails = useChooseFolders(([folder = '']) => moveThumbnails(folder))
  if (!places.data) return <QueryState queries={[places]} failed={words.placesFailed} />
  const { libraryFolder, thumbnailFolder, thumbnailBytes } = places.data
  return (
    <>
      <Section>
        <Place
          label={words.place}
          path={thumbnailFolder}
          detail={words.used(formatBytes(thumbnailBytes))}
        >
          <Button
            size="xs"
            variant="default"
            loading={change.isPending}
            onClick={thumbnails.choose}
          >
            {words.moveHere}
          </Button>
          <Button size="xs" variant="default" onClick={() => moveThumbnails(null)}>
            {words.moveBack}
          </Button>
          <Button
            size="xs"
            variant="default"
            onClick={() =>
              change.mutate({ work: () => engine.settings.clearThumbnails(), done: words.cleared })
            }
          >
            {words.clear}
          </Button>
        </Place>
      </Section>
      <Section title={words.library}>
        <Place label={words.place} path={libraryFolder}>
          <Button size="xs" variant="default" loading={change.isPending} onClick={library.choose}>
            {words.moveHere}
          </Button>
        </Place>
      </Section>
      {library.dialog}
      {thumbnails.dialog}
    </>
  )
}

interface PlaceProps {
  readonly label: string
  readonly path: string
  readonly detail?: string
  readonly children: ReactNode
}

function Place({ label, path, detail, children }: PlaceProps) {
  return (
    <>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {label}: {printableName(path)} {detail && `(${detail})`}
      </Text>
      <Group gap="xs">{children}</Group>
    </>
  )
}

function Section({ title, children }: { readonly title?: string; readonly children: ReactNode }) {
  return (
    <section className={styles.section} data-untitled={title === undefined || undefined}>
      {title && <h2>{title}</h2>}
      {children}
    </section>
  )
}
