/** The frame: navigation on the left, the search box above, the view, and what lies over it. */
import { AppShell, Loader, Text } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { JobsTray } from '../features/jobs/JobsTray.js'
import { CommandPalette } from '../features/palette/CommandPalette.js'
import { PhotoView } from '../features/photo/PhotoView.js'
import { SearchBox } from '../features/search/SearchBox.js'
import { text } from '../text/text.js'
import { connection, host } from '../transport/engine.js'
import { Navigation } from './Navigation.js'
import styles from './Shell.module.css'
import { Views } from './Views.js'

export function Shell() {
  const state = useSyncExternalStore(connection.subscribe, connection.state)
  return (
    <AppShell
      navbar={{ width: 72, breakpoint: 0 }}
      header={{ height: 60 }}
      padding={0}
      layout="alt"
      transitionDuration={0}
    >
      <a className="skipLink" href="#content">
        {text.app.skipToContent}
      </a>
      <AppShell.Navbar className={styles.navbar}>
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Header className={styles.header}>
        <SearchBox />
        <JobsTray />
      </AppShell.Header>
      <AppShell.Main className={styles.main} id="content" tabIndex={-1}>
        {state === 'lost' && (
          <div className={styles.lost} role="alert">
            <Loader size="xs" color="currentColor" aria-hidden />
            <Text size="sm">
              {text.app.engineLost} {!host && text.app.engineLostAddress}
            </Text>
          </div>
        )}
        <Views />
      </AppShell.Main>
      <PhotoView />
      <CommandPalette />
    </AppShell>
  )
}
