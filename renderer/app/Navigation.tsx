/** The views' names and icons, each a link. */
import { Stack, Text, UnstyledButton } from '@mantine/core'
import { Boxes, FolderOpen, GraduationCap, Images, Settings } from 'lucide-react'
import { Link, useLocation } from 'wouter'
import { text } from '../text/text.js'
import styles from './Navigation.module.css'
import { paths } from './navigation.js'

const views = [
  { path: paths.photos, label: text.app.photos, Icon: Images },
  { path: paths.sources, label: text.app.sources, Icon: FolderOpen },
  { path: paths.teach, label: text.app.teach, Icon: GraduationCap },
  { path: paths.models, label: text.app.models, Icon: Boxes },
  { path: paths.settings, label: text.app.settings, Icon: Settings },
]

export function Navigation() {
  const [location] = useLocation()
  const shown = location === paths.search ? paths.photos : location
  return (
    <nav aria-label={text.app.navigation}>
      <Stack gap={4} align="center">
        <img src="/icon.svg" alt={text.app.name} width={36} height={36} className={styles.mark} />
        {views.map(({ path, label, Icon }) => (
          <UnstyledButton
            key={path}
            component={Link}
            href={path}
            className={styles.link}
            aria-current={shown === path ? 'page' : undefined}
          >
            <Icon size={20} strokeWidth={1.75} aria-hidden />
            <Text fz={11} lh={1.2} fw={500}>
              {label}
            </Text>
          </UnstyledButton>
        ))}
      </Stack>
    </nav>
  )
}
