import { describe, expect, it } from 'vitest'
import { countShown } from '../../../bench/app/shownFrames.js'

const report = (frame: number, state: string, more: Record<string, unknown> = {}) => ({
  name: 'PipelineReporter' as const,
  ts: frame * 16_000,
  args: {
    frame_reporter: {
      state,
      frame_sequence: frame,
      layer_tree_host_id: 3,
      scroll_state: 'SCROLL_COMPOSITOR_THREAD',
      has_missing_content: false,
      ...more,
    },
  },
})

describe('countShown', () => {
  it('counts each frame once that came to the screen of what was scrolled', () => {
    const { shownPerSecond, incompleteShare } = countShown([
      report(0, 'STATE_PRESENTED_ALL'),
      report(25, 'STATE_DROPPED'),
      report(25, 'STATE_PRESENTED_PARTIAL', { has_missing_content: true }),
      report(50, 'STATE_PRESENTED_PARTIAL'),
      report(75, 'STATE_DROPPED'),
      report(125, 'STATE_PRESENTED_ALL'),
      report(60, 'STATE_PRESENTED_ALL', { scroll_state: 'SCROLL_NONE' }),
      report(61, 'STATE_PRESENTED_ALL', { layer_tree_host_id: 1 }),
    ])
    expect(shownPerSecond).toBeCloseTo(4 / 2)
    expect(incompleteShare).toBeCloseTo(1 / 4)
  })
})
