/** What one encoder and its inputs are for a run that changes existing encoders. */
import { statfs } from 'node:fs/promises'
import type { Tower } from '../../../clip/builder/towerBuilder.js'
import type { ModelDirectory } from '../../../clip/modelDirectory.js'
import type { Tokenizer } from '../../../clip/tokenizer/Tokenizer.js'
import type { PairEmbedder } from '../../evaluatePairs.js'
import { storedBytes } from '../../features/rowStore.js'
import type { BatchPart } from '../../step/contrastiveBatch.js'
import type { ContrastiveStep } from '../../step/contrastiveStep.js'
import type { Shapes } from '../../step/stepGraphs.js'
import type { MethodContext } from '../method.js'
import type { TunedTower } from './tunedTower.js'

export interface SideOptions {
  readonly context: MethodContext
  readonly model: ModelDirectory
  readonly tower: TunedTower
}

export interface TextSideOptions extends SideOptions {
  readonly tokenizer: Tokenizer
}

/** One side of a run. */
export interface SideTower {
  /** The part that is trained and run in every step. */
  readonly tower: Tower
  /** Its input shapes for so many inputs of the greatest length. */
  readonly shapes: (batch: number) => Shapes
  dispose(): Promise<void>
}

export type StepWeights = Parameters<ContrastiveStep['embed']>[2]

/** Embeds inputs as the step's encoder does; always asked for the same ones. */
export type SideEmbedder<Kind extends keyof PairEmbedder> = (
  step: ContrastiveStep,
  weights: StepWeights,
) => PairEmbedder[Kind]

/** What cached rows may take at most on disk, and which share of what is free. */
const mostBytes = 16 * 2 ** 30
const shareOfFree = 0.5

/** Whether rows of these lengths may be kept in the folder. */
export async function fitsOnDisk(lengths: readonly number[], folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder)
  return storedBytes(lengths) <= Math.min(mostBytes, shareOfFree * bavail * bsize)
}

const rowsPerRun = 32

/** The embeddings of inputs 0 .. count - 1, [count, dim]. */
export async function embedParts(
  side: 'image' | 'text',
  count: number,
  part: BatchPart,
  step: ContrastiveStep,
  weights: StepWeights,
): Promise<{ readonly dim: number; readonly data: Float32Array }> {
  let dim = 0
  let data = new Float32Array()
  for (let start = 0; start < count; start += rowsPerRun) {
    const rows = Math.min(rowsPerRun, count - start)
    const { dims, data: embedded } = await step.embed(side, await part(start, rows), weights)
    dim = dims[1]!
    if (start === 0) data = new Float32Array(count * dim)
    data.set(embedded as Float32Array, start * dim)
  }
  return { dim, data }
}

/** Something that is opened when it is first asked for, and always for the same inputs. */
export interface OpenedOnce<T> {
  for(inputs: readonly string[]): Promise<T>
  dispose(): Promise<void>
}

export function openOnce<T extends { dispose(): Promise<void> }>(
  open: (inputs: readonly string[]) => Promise<T>,
): OpenedOnce<T> {
  let known: Promise<T> | undefined
  return {
    for(inputs) {
      known ??= open(inputs)
      return known
    },
    async dispose() {
      await (await known)?.dispose()
    },
  }
}

/** Numbers 0 .. count - 1. */
export function rowNumbers(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, row) => row)
}
