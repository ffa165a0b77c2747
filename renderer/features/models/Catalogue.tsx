/** Models that can be downloaded: what a person wants to know of each before it is there. */
import { Button, Group, Menu, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { ChevronDown, FileArchive, Folder } from 'lucide-react'
import { useState } from 'react'
import { attempt, showError } from '../../app/attempt.js'
import { useChooseArchive } from '../../components/PathPicker/useChooseArchive.js'
import { useChooseFolders } from '../../components/PathPicker/useChooseFolders.js'
import { QueryState } from '../../components/QueryState.js'
import { text } from '../../text/text.js'
import { engine, orpc } from '../../transport/engine.js'
import { CatalogueCard } from './CatalogueCard.js'
import styles from './ModelsView.module.css'

const words = text.models.catalogue

export function Catalogue() {
  const catalogue = useQuery(orpc.models.catalogue.queryOptions())
  const items = catalogue.data ?? []
  const measure = useMutation({
    ...orpc.models.measureMachine.mutationOptions(),
    onError: showError,
  })
  const importFrom = (source: string) =>
    void attempt(
      engine.models
        .importFrom({ source })
        .then(({ name }) => notifications.show({ message: words.imported(name) })),
    )
  const folder = useChooseFolders(([chosen = '']) => importFrom(chosen))
  const archive = useChooseArchive(importFrom)
  const isMeasured = items.some(({ picturesPerSecond }) => picturesPerSecond !== null)
  return (
    <section className={styles.catalogue} aria-label={words.title}>
      <Group justify="space-between" align="flex-end">
        <div>
          <h2>{words.title}</h2>
          <Text c="dimmed" size="sm">
            {words.about}
          </Text>
        </div>
        <Group gap="xs">
          {!isMeasured && (
            <Button
              size="xs"
              variant="default"
              loading={measure.isPending}
              onClick={() => measure.mutate(undefined)}
            >
              {words.measure}
            </Button>
          )}
          <Menu position="bottom-end">
            <Menu.Target>
              <Button
                size="xs"
                variant="default"
                rightSection={<ChevronDown size={14} aria-hidden />}
              >
                {words.import}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<Folder size={15} aria-hidden />} onClick={folder.choose}>
                {words.importFolder}
              </Menu.Item>
              <Menu.Item
                leftSection={<FileArchive size={15} aria-hidden />}
                onClick={archive.choose}
              >
                {words.importArchive}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Group>
      <QueryState queries={[catalogue]} failed={words.failed} />
      <ul className={styles.cards}>
        {items.map((item) => (
          <CatalogueCard key={item.id} item={item} />
        ))}
      </ul>
      <OtherRepository />
      {folder.dialog}
      {archive.dialog}
    </section>
  )
}

/** Any export in the same layout. */
function OtherRepository() {
  const [name, setName] = useState('')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void attempt(engine.models.download({ entry: name.trim() }), words.begun)
      }}
    >
      <Group align="flex-end" gap="xs">
        <TextInput
          label={words.other}
          description={words.otherHint}
          inputWrapperOrder={['label', 'input', 'description']}
          placeholder="owner/name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          miw={280}
        />
        <Button type="submit" variant="default" disabled={!name.includes('/')} mb={24}>
          {words.download}
        </Button>
      </Group>
    </form>
  )
}
