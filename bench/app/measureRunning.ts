/** What the app is like while it runs: at rest, scrolled, and while it indexes new photos. */
import { setTimeout as delay } from 'node:timers/promises'
import { type ActiveJobs, followJobs } from './activeJobs.js'
import type { LibraryCopy } from './largeLibrary.js'
import type { AppWindow, WindowScroll } from './openWindow.js'
import type { ProcessState } from './recordLoop.js'
import type { Connection, RunningApp } from './startApp.js'

export interface RunningParts {
  /** How many photos the library has at first; their ids are as many. */
  readonly photos: number
  readonly library: LibraryCopy
  readonly app: RunningApp
  readonly window: AppWindow
}

export interface IdleFigures {
  /** Milliseconds of each query by the contract. */
  readonly queries: readonly number[]
  /** Milliseconds of each query in the window. */
  readonly shown: readonly number[]
  /** After the queries. */
  readonly process: ProcessState
}

export interface ScrollFigures {
  readonly report: WindowScroll
  /** The same pictures on a page that holds nothing else. */
  readonly plain: WindowScroll
  /** Milliseconds until the window was filled after each leap. */
  readonly leaps: readonly number[]
}

export interface IndexingFigures {
  /** Milliseconds of each query that was asked while folders were read, or photos encoded. */
  readonly queries: readonly number[]
  readonly report: WindowScroll
  readonly longestBlockMs: number
}

/** A person reads between two queries; without it, each would wait for what the last one left. */
const betweenQueriesMs = 50
/** Long enough for what follows a search to be over. */
const restMs = 5_000
const scrollMs = 8_000
const pixelsPerSecond = 3_000
const leaps = [0.5, 0.1, 0.8, 0.3, 0.95, 0.6, 0.2, 0.7, 0.4, 0.05]

/** @param texts asked by the contract; @param typed asked in the window */
export async function measureIdle(
  { app, window }: RunningParts,
  texts: readonly string[],
  typed: readonly string[],
): Promise<IdleFigures> {
  const connection = await app.connect()
  const jobs = followJobs(connection.engine)
  await jobs.settled()
  await app.state()
  const queries: number[] = []
  for (const text of texts) queries.push(await ask(connection, text))
  const shown: number[] = []
  for (const text of typed) {
    shown.push(await window.search(text))
    await delay(betweenQueriesMs)
  }
  await delay(restMs)
  connection.close()
  return { queries, shown, process: await app.state() }
}

export async function measureScrolling({ app, window }: RunningParts): Promise<ScrollFigures> {
  await window.showAll(app.url)
  const report = await window.scroll(pixelsPerSecond, scrollMs)
  const plain = await window.scrollPlainly(pixelsPerSecond, scrollMs)
  const times: number[] = []
  for (const place of leaps) times.push(await window.leap(place))
  return { report, plain, leaps: times }
}

/** Two batches of photos come: one while somebody searches, one while somebody scrolls. */
export async function measureIndexing(
  { photos, library, app, window }: RunningParts,
  texts: readonly string[],
): Promise<IndexingFigures> {
  const connection = await app.connect()
  const jobs = followJobs(connection.engine)
  await jobs.settled()
  await app.state()
  const queries = await searchMeanwhile(connection, jobs, library, texts)
  await jobs.settled()
  await window.showAll(app.url)
  await library.addPhotographs()
  await jobs.begun('index')
  const report = await window.scroll(pixelsPerSecond, scrollMs, photos)
  const { longestBlockMs } = await app.state()
  await jobs.settled()
  connection.close()
  return { queries, report, longestBlockMs }
}

async function searchMeanwhile(
  connection: Connection,
  jobs: ActiveJobs,
  library: LibraryCopy,
  texts: readonly string[],
): Promise<number[]> {
  await library.addPhotographs()
  await jobs.begun('scan')
  const queries: number[] = []
  for (const text of texts) {
    const before = jobs.isActive('scan') || jobs.isActive('index')
    const durationMs = await ask(connection, text)
    if (before) queries.push(durationMs)
    else if (queries.length > 0 && jobs.hasEnded('index')) break
  }
  return queries
}

/** One query, as the window asks it when Enter is pressed. */
async function ask({ engine }: Connection, query: string): Promise<number> {
  const startedAt = performance.now()
  await engine.search.run({ query, order: 'relevance', model: null })
  const durationMs = performance.now() - startedAt
  await delay(betweenQueriesMs)
  return durationMs
}
