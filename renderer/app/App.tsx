/** Everything that stands around the views: theme, queries, notices. */
import '@fontsource-variable/inter'
import '@mantine/core/styles/baseline.css'
import '@mantine/core/styles/default-css-variables.css'
import '@mantine/core/styles/global.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './app.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { queryClient } from '../transport/engine.js'
import { NoticeListener } from './NoticeListener.js'
import { Shell } from './Shell.js'
import { ThemeSetting } from './ThemeSetting.js'
import { cssVariables, theme } from './theme.js'

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <Notifications position="bottom-right" limit={4} />
        <ThemeSetting />
        <NoticeListener />
        <Shell />
      </MantineProvider>
    </QueryClientProvider>
  )
}
