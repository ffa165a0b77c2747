/** What can be done with a photo of the grid, where the pointer is. */
import { Menu } from '@mantine/core'
import { CircleCheck, FolderSearch, Images, Maximize2 } from 'lucide-react'
import { openSearch } from '../../app/navigation.js'
import { toggleSelected, useSelection } from '../../features/selection/selection.js'
import { text } from '../../text/text.js'
import { host } from '../../transport/engine.js'
import styles from './PhotoGrid.module.css'
import type { MenuPlace } from './useGridPointer.js'

export interface PhotoMenuProps {
  readonly place: MenuPlace | null
  readonly onClose: () => void
  readonly onOpen: (id: number) => void
}

const icon = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const

export function PhotoMenu({ place, onClose, onOpen }: PhotoMenuProps) {
  const selected = useSelection(({ ids }) => place !== null && ids.has(place.id))
  if (place === null) return null
  const { id, x, y } = place
  return (
    <Menu opened onClose={onClose} position="bottom-start" offset={2} shadow="md" withinPortal>
      <Menu.Target>
        <span className={styles.menuAnchor} style={{ left: x, top: y }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={text.library.menu}>
        <Menu.Item leftSection={<Maximize2 {...icon} />} onClick={() => onOpen(id)}>
          {text.library.open}
        </Menu.Item>
        <Menu.Item leftSection={<CircleCheck {...icon} />} onClick={() => toggleSelected(id)}>
          {selected ? text.library.deselect : text.library.selectOne}
        </Menu.Item>
        <Menu.Item leftSection={<Images {...icon} />} onClick={() => openSearch(`like:${id}`)}>
          {text.library.similar}
        </Menu.Item>
        {host && (
          <Menu.Item leftSection={<FolderSearch {...icon} />} onClick={() => void host?.reveal(id)}>
            {text.library.reveal}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
