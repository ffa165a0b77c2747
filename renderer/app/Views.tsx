/** Which view an address shows. */
import { Center, Text } from '@mantine/core'
import { Route, Switch } from 'wouter'
import { LibraryView } from '../features/library/LibraryView.js'
import { ModelsView } from '../features/models/ModelsView.js'
import { SearchView } from '../features/search/SearchView.js'
import { SettingsView } from '../features/settings/SettingsView.js'
import { SourcesView } from '../features/sources/SourcesView.js'
import { TeachView } from '../features/teach/TeachView.js'
import { text } from '../text/text.js'
import { paths } from './navigation.js'

export function Views() {
  return (
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
  )
}
