/** Sets how large photos are shown. */
import { Slider } from '@mantine/core'
import { text } from '../../text/text.js'
import { rowHeights, setRowHeight, useGridSize } from './gridSize.js'

export function SizeSlider() {
  const rowHeight = useGridSize((state) => state.rowHeight)
  return (
    <Slider
      w={110}
      size="xs"
      min={rowHeights.least}
      max={rowHeights.most}
      step={10}
      value={rowHeight}
      onChange={setRowHeight}
      label={null}
      thumbLabel={text.library.size}
    />
  )
}
