/** Which part of a long list is shown, and the numbers of its pages. */
import { Group, Pagination, Text } from '@mantine/core'
import { text } from '../text/text.js'

const words = text.app.pages

interface PageTurnerProps {
  /** From 1. */
  readonly page: number
  readonly perPage: number
  /** Of the whole list. */
  readonly count: number
  readonly onTurn: (page: number) => void
}

/** Nothing where all is on one page. */
export function PageTurner({ page, perPage, count, onTurn }: PageTurnerProps) {
  if (count <= perPage) return null
  const before = (page - 1) * perPage
  return (
    <Group justify="space-between">
      <Text size="sm" c="dimmed" aria-live="polite">
        {words.shown(before + 1, Math.min(before + perPage, count), count)}
      </Text>
      <Pagination
        size="sm"
        total={Math.ceil(count / perPage)}
        value={page}
        onChange={onTurn}
        getItemProps={(item) => ({ 'aria-label': words.page(item) })}
        getControlProps={(control) => ({ 'aria-label': words.controls[control] })}
      />
    </Group>
  )
}
