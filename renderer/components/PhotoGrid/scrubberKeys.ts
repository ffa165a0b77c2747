/** Where keys lead on the scrubber: from month to month, or page to page where there are none. */
import type { RowLayout } from './layout/rowLayout.js'

/** A place in the layout; null for a key that leads nowhere. */
export function scrubberTarget(
  key: string,
  layout: RowLayout,
  top: number,
  visible: number,
): number | null {
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return sectionsOn(layout, top, 1) ?? top + visible
    case 'ArrowUp':
    case 'ArrowLeft':
      return sectionsOn(layout, top, -1) ?? top - visible
    case 'PageDown':
      return sectionsOn(layout, top, 12) ?? top + 10 * visible
    case 'PageUp':
      return sectionsOn(layout, top, -12) ?? top - 10 * visible
    case 'Home':
      return 0
    case 'End':
      return layout.height
    default:
      return null
  }
}

function sectionsOn({ sections, height }: RowLayout, top: number, count: number): number | null {
  if (sections.length < 2) return null
  const here = sections.findLastIndex((section) => section.top <= top + 1)
  const inside = top > sections[Math.max(0, here)]!.top + 1
  // Up first leads to the beginning of the month that one is in.
  const target = here + count + (count < 0 && inside ? 1 : 0)
  if (target >= sections.length) return height
  return sections[Math.max(0, target)]!.top
}
