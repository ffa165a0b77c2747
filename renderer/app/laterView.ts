/** Views that the first window does without: fetched once it is drawn, or when they are wanted. */
import { type ComponentType, lazy } from 'react'

type Load = () => Promise<{ default: ComponentType }>
const loads: Load[] = []

/** A view whose code is fetched later; shown in a Suspense. */
export function laterView(load: () => Promise<ComponentType>) {
  const loadOnce: Load = async () => ({ default: await load() })
  loads.push(loadOnce)
  return lazy(loadOnce)
}

/** By then the first photos are there, which would have to share the processor. */
const laterMs = 3_000

/** Fetches all of them while nothing else is to be done, so that none is waited for. */
export function fetchLaterViews(): () => void {
  const fetchAll = () => void Promise.allSettled(loads.map((load) => load()))
  const timer = setTimeout(() => requestIdleCallback(fetchAll), laterMs)
  return () => clearTimeout(timer)
}
