/** Sets how large photos are shown. */
import { Group, Slider } from '@mantine/core'
import { Image } from 'lucide-react'
import { text } from '../../text/text.js'
import { rowHeights, setRowHeight, useGridSize } from './gridSize.js'

export function SizeSlider() {
  const rowHeight = useGridSize((state) => state.rowHeight)
  return (
    <Group gap={8} wrap="nowrap" c="dimmed" visibleFrom="xs" title={text.library.size}>
      <Image size={12} aria-hidden />
      <Slider
        w={100}
        size="xs"
        min={rowHeights.least}
        max={rowHeights.most}
        step={10}
        value={rowHeight}
        onChange={setRowHeight}
        label={null}
        thumbLabel={text.library.size}
      />
      <Image size={18} aria-hidden />
    </Group>
  )
}
