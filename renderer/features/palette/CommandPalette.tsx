/** Every command by name (Ctrl K), and the list of keys (?). */
import { Kbd, Modal, SimpleGrid, Text } from '@mantine/core'
import { Spotlight, spotlight } from '@mantine/spotlight'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { text } from '../../text/text.js'
import { host, orpc } from '../../transport/engine.js'
import { useAddFolders } from '../sources/useAddFolders.js'
import styles from './CommandPalette.module.css'
import { commandsWith, recentQuery } from './commands.js'
import { shortcuts } from './shortcuts.js'

const recentShown = 5

export function CommandPalette() {
  const [keysShown, setKeysShown] = useState(false)
  const history = useQuery(orpc.search.history.queryOptions())
  const { choose, dialog } = useAddFolders()
  const commands = commandsWith({ addFolders: choose, showShortcuts: () => setKeysShown(true) })
  const recent = (history.data ?? []).slice(0, recentShown).map(({ query }) => recentQuery(query))

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target } = event
      const typing = target instanceof HTMLElement && target.matches('input, textarea')
      if (event.key === '?' && !typing) setKeysShown(true)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  useEffect(
    () =>
      host?.onCommand((command) => {
        if (command === 'palette') spotlight.open()
        else commands.find(({ id }) => id === command)?.run()
      }),
    [commands],
  )

  return (
    <>
      <Spotlight
        shortcut="mod + K"
        attributes={{ content: { 'aria-label': text.palette.commands } }}
        nothingFound={text.palette.nothing}
        searchProps={{
          placeholder: text.palette.search,
          'aria-label': text.palette.search,
        }}
        highlightQuery
        scrollable
        maxHeight={420}
        actions={[...commands, ...recent].map(({ id, label, keys, run }) => ({
          id,
          label,
          onClick: run,
          rightSection: keys ? <Kbd>{keys}</Kbd> : undefined,
        }))}
      />
      <Modal
        opened={keysShown}
        onClose={() => setKeysShown(false)}
        title={text.palette.shortcuts}
        size="lg"
        centered
      >
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
          {shortcuts.map(({ group, keys }) => (
            <section key={group}>
              <Text fw={600} mb={8}>
                {group}
              </Text>
              {keys.map(([key, label]) => (
                <div key={key} className={styles.key}>
                  <span>{label}</span>
                  <Kbd>{key}</Kbd>
                </div>
              ))}
            </section>
          ))}
        </SimpleGrid>
      </Modal>
      {dialog}
    </>
  )
}
