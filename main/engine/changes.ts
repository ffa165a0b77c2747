/** Tells whoever looks that something changed; what it was, they ask for. */
import type { Job } from '../../shared/domain/jobs.js'
import type { Settings } from '../../shared/domain/settings.js'

export type Change =
  | { readonly type: 'job'; readonly job: Job }
  | { readonly type: 'library' }
  | { readonly type: 'words' }
  | { readonly type: 'models' }
  | { readonly type: 'teach'; readonly job: number }
  | { readonly type: 'settings'; readonly settings: Settings }
  | { readonly type: 'notice'; readonly message: string }

export interface Changes {
  on(listener: (change: Change) => void): () => void
  emit(change: Change): void
}

export function createChanges(): Changes {
  const listeners = new Set<(change: Change) => void>()
  return {
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    emit(change) {
      for (const listener of listeners) listener(change)
    },
  }
}
