/** What a training method is: how it prepares data and towers, and how its result becomes a model. */
import type {
  RetrievalReport,
  TrainingEvent,
  TrainingSpec,
} from '../../../../shared/domain/training.js'
import type { Towers } from '../../clip/builder/buildTowers.js'
import type { BatchSource } from '../batchSource.js'
import type { ContrastiveBatch } from '../step/contrastiveBatch.js'
import type { ContrastiveStep } from '../step/contrastiveStep.js'
import type { Watch } from '../watch.js'
import type { SplitPairs, TrainingRunFile } from '../workFolder.js'

/** What a method is given. */
export interface MethodContext {
  readonly run: TrainingRunFile
  readonly pairs: SplitPairs
  readonly workFolder: string
  /** What `PreparedTraining.state` was when the run was interrupted; null for a new run. */
  readonly state: unknown
  readonly signal: AbortSignal
  readonly onEvent: (event: TrainingEvent) => void
}

export interface SkippedFile {
  readonly path: string
  readonly reason: string
}

/** A run that is ready to start. */
export interface PreparedTraining {
  readonly towers: Towers
  readonly source: BatchSource<ContrastiveBatch>
  readonly microBatchSize: number
  /** Pairs that are trained on. */
  readonly pairs: number
  readonly heldOut: number
  readonly skipped: readonly SkippedFile[]
  /** JSON that goes into every checkpoint, such as the tokenizer. */
  readonly state: unknown
  /** Held-out retrieval of the parent model; null without one. */
  readonly before: RetrievalReport | null
  /** Null where there is nothing to measure on. */
  readonly watch: Watch | null
  /** Makes the model of the weights that `step` has reached. */
  finish(step: ContrastiveStep): Promise<FinishedTraining>
  dispose(): Promise<void>
}

/** A trained model, not written yet. */
export interface FinishedTraining {
  /** Held-out retrieval of the model as it is saved; null without a held-out part. */
  readonly heldOut: RetrievalReport | null
  /** Facts for the training report beside the specification and the figures. */
  readonly facts: Readonly<Record<string, unknown>>
  /** Writes the model directory to `folder`; returns the model's id. */
  write(folder: string, report: TrainingReport): Promise<string>
}

/** The training report in semblance.json. */
export interface TrainingReport {
  readonly spec: TrainingSpec
  /** Hash of the pairs' split. */
  readonly splitManifest: string
  readonly pairs: number
  readonly skippedFiles: number
  readonly steps: number
  readonly seconds: number
  readonly heldOut: RetrievalReport | null
  readonly before: RetrievalReport | null
  readonly [fact: string]: unknown
}

export type TrainingMethod = (context: MethodContext) => Promise<PreparedTraining>
