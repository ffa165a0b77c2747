/** What was measured, figure by figure, beside what it should be. */
import type { Row } from '../benchmark.js'
import { percentile } from '../percentiles.js'
import type { IdleFigures, IndexingFigures, ScrollFigures } from './measureRunning.js'
import type { StartFigures } from './measureStart.js'

export interface AppFigures {
  readonly starts: readonly StartFigures[]
  readonly idle: IdleFigures
  readonly scrolling: ScrollFigures
  readonly indexing: IndexingFigures
}

/** Limits; null where a figure only explains another one. */
type Limit = { readonly most: number } | { readonly least: number } | null

export function describeFigures({ starts, idle, scrolling, indexing }: AppFigures): Row[] {
  const medianStart = (figure: keyof StartFigures) =>
    percentile(
      starts.map((start) => start[figure]),
      0.5,
    )
  const idleP95 = percentile(idle.queries, 0.95)
  const busyP95 = percentile(indexing.queries, 0.95)
  const idleMedian = percentile(idle.queries, 0.5)
  const busyMedian = percentile(indexing.queries, 0.5)
  return [
    describeFigure('address printed, ms', medianStart('ready')),
    describeFigure('page, ms', medianStart('page')),
    describeFigure('first window, ms', medianStart('firstWindow'), { most: 1_500 }),
    describeFigure('first search, ms', medianStart('firstSearch'), { most: 700 }),
    describeFigure('longest block in the first search, ms', medianStart('longestBlock')),
    describeFigure('typed query p50, ms', idleMedian),
    describeFigure('typed query p95, ms', idleP95, { most: 150 }),
    describeFigure('query in the window p50, ms', percentile(idle.shown, 0.5)),
    describeFigure('query in the window p95, ms', percentile(idle.shown, 0.95)),
    describeFigure('longest block while searching, ms', idle.process.longestBlockMs, { most: 50 }),
    describeFigure('engine memory at rest, MB', idle.process.rssBytes / 1e6, { most: 600 }),
    describeFigure('engine memory at most, MB', idle.process.peakRssBytes / 1e6),
    ...describeScrolling('scrolling', scrolling.report),
    describeFigure(
      'the same pictures alone: frames/s on the screen',
      scrolling.plain.shownPerSecond,
    ),
    describeFigure(
      'the same pictures alone: share of these with a part not drawn yet',
      scrolling.plain.incompleteShare,
    ),
    describeFigure(
      'the same pictures alone: frames/s of the page',
      scrolling.plain.framesPerSecond,
    ),
    describeFigure(
      'scrolling / the same pictures alone, frames/s of the page',
      scrolling.report.framesPerSecond / scrolling.plain.framesPerSecond,
    ),
    describeFigure('leap p50, ms', percentile(scrolling.leaps, 0.5)),
    describeFigure('leap longest, ms', Math.max(...scrolling.leaps)),
    describeFigure('typed query p50 while indexing, ms', busyMedian),
    describeFigure('typed query p95 while indexing, ms', busyP95),
    describeFigure('query while indexing / at rest, p50', busyMedian / idleMedian, { most: 2 }),
    describeFigure('query while indexing / at rest, p95', busyP95 / idleP95, { most: 2 }),
    describeFigure('longest block while indexing, ms', indexing.longestBlockMs, { most: 50 }),
    ...describeScrolling('scrolling while indexing', indexing.report),
    describeFigure(
      'scrolling while indexing: longest blank tile of a new photo, ms',
      indexing.report.longestBlankNewMs,
    ),
  ]
}

function describeScrolling(name: string, report: ScrollFigures['report']): Row[] {
  return [
    describeFigure(`${name}: frames/s on the screen`, report.shownPerSecond, { least: 55 }),
    describeFigure(`${name}: share of these with a part not drawn yet`, report.incompleteShare),
    describeFigure(`${name}: frames/s of the page`, report.framesPerSecond),
    describeFigure(`${name}: frame p95, ms`, report.p95FrameMs),
    describeFigure(`${name}: longest frame, ms`, report.longestFrameMs),
    describeFigure(`${name}: longest blank tile, ms`, report.longestBlankMs, { most: 150 }),
  ]
}

/** One figure, marked if it is past its limit. */
export function describeFigure(figure: string, measured: number, limit: Limit = null): Row {
  return { figure, measured: round(measured), ...describeLimit(measured, limit) }
}

function describeLimit(measured: number, limit: Limit): { limit: string; kept: string } {
  if (limit === null) return { limit: '', kept: '' }
  if ('most' in limit) {
    return { limit: `at most ${limit.most}`, kept: measured <= limit.most ? 'yes' : 'no' }
  }
  return { limit: `at least ${limit.least}`, kept: measured >= limit.least ? 'yes' : 'no' }
}

function round(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(3))
}
