/** The frames that a browser shows while something is scrolled, as Chromium itself traces them. */
import type { Browser } from 'playwright-core'
import { z } from 'zod'

export interface ShownFrames {
  /** Frames that were brought to the screen, by the page or by the compositor, which scrolls alone. */
  readonly shownPerSecond: number
  /** The share of them in which a part was not drawn yet. */
  readonly incompleteShare: number
}

/** Comes once for each attempt at a frame; one that waits for the page is told of more than once. */
const reportSchema = z.object({
  name: z.literal('PipelineReporter'),
  /** Microseconds. */
  ts: z.number(),
  args: z.object({
    frame_reporter: z.object({
      state: z.string(),
      frame_sequence: z.number(),
      layer_tree_host_id: z.number(),
      scroll_state: z.string(),
      has_missing_content: z.boolean().default(false),
    }),
  }),
})
type Report = z.infer<typeof reportSchema>

const category = 'disabled-by-default-devtools.timeline.frame'

/** Begins to watch; `stop` tells of the frames of what was scrolled most since. */
export async function watchFrames(browser: Browser): Promise<{ stop(): Promise<ShownFrames> }> {
  const devTools = await browser.newBrowserCDPSession()
  const reports: Report[] = []
  devTools.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value) {
      const { data } = reportSchema.safeParse(event)
      if (data !== undefined) reports.push(data)
    }
  })
  await devTools.send('Tracing.start', { categories: category })
  return {
    async stop() {
      const complete = new Promise((resolve) => devTools.once('Tracing.tracingComplete', resolve))
      await devTools.send('Tracing.end')
      await complete
      await devTools.detach()
      return countShown(reports)
    },
  }
}

export function countShown(reports: readonly Report[]): ShownFrames {
  const pages = new Map<number, Report[]>()
  for (const report of reports) {
    const { layer_tree_host_id: page, scroll_state: state } = report.args.frame_reporter
    if (state === 'SCROLL_NONE') continue
    const known = pages.get(page)
    if (known === undefined) pages.set(page, [report])
    else known.push(report)
  }
  const scrolled = [...pages.values()].sort((a, b) => b.length - a.length)[0] ?? []
  const shown = scrolled.filter(({ args }) => args.frame_reporter.state.startsWith('STATE_PRESENT'))
  const sequences = (of: readonly Report[]) =>
    new Set(of.map(({ args }) => args.frame_reporter.frame_sequence)).size
  const times = scrolled.map(({ ts }) => ts)
  const seconds = (Math.max(...times) - Math.min(...times)) / 1e6
  const incomplete = shown.filter(({ args }) => args.frame_reporter.has_missing_content)
  return {
    shownPerSecond: sequences(shown) / seconds,
    incompleteShare: sequences(incomplete) / sequences(shown),
  }
}
