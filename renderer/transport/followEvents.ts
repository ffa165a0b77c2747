/** Keeps what the window shows up to date with what the engine tells. */

import type { EngineEvent } from '../../shared/contract/events.js'
import type { Job } from '../../shared/domain/jobs.js'
import { connection, engine, orpc, queryClient } from './engine.js'

type NoticeListener = (message: string) => void
const noticeListeners = new Set<NoticeListener>()

/** Tells of each notice of the engine. */
export function onNotice(listener: NoticeListener): () => void {
  noticeListeners.add(listener)
  return () => noticeListeners.delete(listener)
}

/** Subscribes now and after each lost connection. Call once. */
export function followEvents(): void {
  void follow()
}

async function follow(): Promise<void> {
  for (let anew = false; ; anew = true) {
    try {
      const events = await engine.events.subscribe()
      // What changed in the meantime was told to nobody, and what was asked may have failed.
      if (anew) void queryClient.invalidateQueries()
      for await (const event of events) apply(event)
    } catch {
      // The connection was lost; the next call waits for another one.
    }
    await reopened()
  }
}

function reopened(): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (connection.state() !== 'open') return
      stop()
      resolve()
    }
    const stop = connection.subscribe(check)
    setTimeout(check, 500)
  })
}

function apply(event: EngineEvent): void {
  switch (event.type) {
    case 'jobs':
      queryClient.setQueryData(orpc.jobs.list.queryKey(), event.jobs)
      return
    case 'job':
      queryClient.setQueryData(orpc.jobs.list.queryKey(), (jobs) => withJob(jobs ?? [], event.job))
      return
    case 'library':
      invalidate(orpc.library.key(), orpc.photos.key(), orpc.search.run.key())
      return
    case 'words':
      invalidate(orpc.photos.get.key(), orpc.photos.summaries.key(), orpc.photos.suggestWords.key())
      invalidate(orpc.search.explain.key(), orpc.teach.preview.key(), orpc.teach.pairs.key())
      return
    case 'models':
      invalidate(orpc.models.key(), orpc.library.status.key(), orpc.search.run.key())
      invalidate(orpc.photos.suggestWords.key(), orpc.photos.similar.key())
      return
    case 'teach':
      invalidate(orpc.teach.runs.key(), orpc.teach.run.key({ input: { job: event.job } }))
      return
    case 'settings':
      queryClient.setQueryData(orpc.settings.get.queryKey(), event.settings)
      return
    case 'notice':
      for (const listener of noticeListeners) listener(event.message)
      return
  }
}

function invalidate(...keys: readonly (readonly unknown[])[]): void {
  for (const queryKey of keys) void queryClient.invalidateQueries({ queryKey })
}

function withJob(jobs: readonly Job[], job: Job): Job[] {
  const known = jobs.some((one) => one.id === job.id)
  return known ? jobs.map((one) => (one.id === job.id ? job : one)) : [job, ...jobs]
}
