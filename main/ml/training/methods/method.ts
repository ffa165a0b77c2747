/** What a training method is: how it prepares data and towers, and how its result becomes a model. */
import type { TeachCurves } from '../../../../shared/domain/teaching.js'
import type {
  PictureReport,
  RetrievalReport,
  TrainingEvent,
  TrainingSpec,
  TriedBlend,
} from '../../../../shared/domain/training.js'
import type { Towers } from '../../clip/builder/buildTowers.js'
import type { ModelDirectory } from '../../clip/modelDirectory.js'
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

/** The share of a change that a model took, and what it was chosen from; empty where nothing was tried. */
export interface ChosenBlend {
  readonly blend: number
  readonly blends: readonly TriedBlend[]
}

/** A trained model, not written yet. */
export interface FinishedTraining {
  /** Held-out retrieval of the model as it is saved; null without a held-out part. */
  readonly heldOut: RetrievalReport | null
  /** The same without words, of a run that learned from pictures. */
  readonly pictures?: PictureReport | null
  /** How much of what was learned was taken; null where there is no parent to keep any of. */
  readonly chosen: ChosenBlend | null
  /** Writes the model directory to `folder`, with 8-bit encoders for search where they do as well. */
  write(folder: string, report: TrainingReport, end: TrainingEnd): Promise<ModelDirectory>
}

/** What is known of a run once it has trained. */
export interface TrainingEnd {
  readonly trainedMs: number
  readonly device: 'cpu' | 'webgpu'
}

/** The training report in semblance.json, with the figures of `ChosenBlend` where there is one. */
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
  readonly pictures: PictureReport | null
  /** Loss and recall as they were on the way. */
  readonly curves: TeachCurves
  readonly [fact: string]: unknown
}

export type TrainingMethod = (context: MethodContext) => Promise<PreparedTraining>
