/** Which view an address shows. */
import { Center, Text } from '@mantine/core'
import { Suspense, useEffect } from 'react'
import { Route, Switch } from 'wouter'
import { LibraryView } from '../features/library/LibraryView.js'
import { SearchView } from '../features/search/SearchView.js'
import { text } from '../text/text.js'
import { fetchLaterViews, laterView } from './laterView.js'
import { paths } from './navigation.js'

const SourcesView = laterView(
  async () => (await import('../features/sources/SourcesView.js')).SourcesView,
)
const TeachView = laterView(async () => (await import('../features/teach/TeachView.js')).TeachView)
const ModelsView = laterView(
  async () => (await import('../features/models/ModelsView.js')).ModelsView,
)
const SettingsView = laterView(
  async () => (await import('../features/settings/SettingsView.js')).SettingsView,
)

export function Views() {
  useEffect(fetchLaterViews, [])
  return (
    <Suspense>
      <Switch>
        <Route path={paths.photos} component={LibraryView} />
        <Route path={paths.search} component={SearchView} />
        <Route path={paths.sources} component={SourcesView} />
        <Route path={paths.teach} component={TeachView} />
        <Route path={paths.models} component={ModelsView} />
        <Route path={paths.settings} component={SettingsView} />
        <Route>
          <Center h="100%">
            <Text c="dimmed">{text.app.notFound}</Text>
          </Center>
        </Route>
      </Switch>
    </Suspense>
  )
}
