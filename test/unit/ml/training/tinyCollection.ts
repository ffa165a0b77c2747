/** A tiny set of pictures with words, and the specification of a run that takes seconds on it. */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeWorkFolder } from '../../../../main/ml/training/workFolder.js'
import {
  type TrainingPair,
  type TrainingSpec,
  trainingSpecSchema,
} from '../../../../shared/domain/training.js'

const colours = { red: '#d22', green: '#2a2', blue: '#22d', yellow: '#dd2', black: '#111' }
const shapes = {
  circle: '<circle cx="32" cy="32" r="22"/>',
  square: '<rect x="12" y="12" width="40" height="40"/>',
  triangle: '<path d="M32 8 L58 56 L6 56 Z"/>',
  cross: '<path d="M26 6h12v20h20v12H38v20H26V38H6V26h20z"/>',
  bar: '<rect x="4" y="24" width="56" height="16"/>',
}

/** The smallest architecture that still has every part. */
const tinyArchitecture = {
  image: {
    kind: 'vit',
    imageSize: 32,
    patchSize: 8,
    stages: [{ width: 32, layers: 1, heads: 2, mlpRatio: 2 }],
  },
  text: { vocabSize: 600, contextLength: 16, width: 32, layers: 1, heads: 2, mlpRatio: 2 },
  embeddingDim: 24,
}

/** Draws 25 coloured shapes; returns them with their words. */
async function drawShapes(folder: string): Promise<TrainingPair[]> {
  await mkdir(folder, { recursive: true })
  const pairs: TrainingPair[] = []
  for (const [colour, fill] of Object.entries(colours)) {
    for (const [shape, path] of Object.entries(shapes)) {
      const image = join(folder, `${colour} ${shape}.svg`)
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" fill="${fill}">${path}</svg>`
      await writeFile(image, svg)
      pairs.push({ image, captions: [`a ${colour} ${shape}`, `${shape} in ${colour}`] })
    }
  }
  return pairs
}

export interface TinyRun {
  readonly folder: string
  readonly out: string
  readonly workFolder: string
  readonly pairs: readonly TrainingPair[]
}

/** A temporary folder with pictures and a work folder for a run over them. */
export async function createTinyRun(
  changes: Partial<TrainingSpec> = {},
  extraPairs: readonly TrainingPair[] = [],
  change: (pair: TrainingPair, index: number) => TrainingPair = (pair) => pair,
): Promise<TinyRun> {
  const folder = await mkdtemp(join(tmpdir(), 'semblance-training-'))
  const pairs = (await drawShapes(join(folder, 'pictures'))).map(change)
  const arch = join(folder, 'tiny.json')
  await writeFile(arch, JSON.stringify(tinyArchitecture))
  const out = join(folder, 'model')
  const workFolder = `${out}.training`
  const spec = trainingSpecSchema.parse({ ...tinySpec, arch, ...changes })
  const partOf = (i: number) => {
    if (i % 6 === 5) return 'heldOut'
    return spec.validation > 0 && i % 6 === 4 ? 'validation' : 'train'
  }
  const split = {
    train: [...pairs.filter((_, i) => partOf(i) === 'train'), ...extraPairs],
    validation: pairs.filter((_, i) => partOf(i) === 'validation'),
    heldOut: pairs.filter((_, i) => partOf(i) === 'heldOut'),
  }
  await writeWorkFolder(workFolder, { spec, out, name: 'tiny' }, split)
  return { folder, out, workFolder, pairs }
}

export const tinySpec: TrainingSpec = {
  method: 'scratch',
  arch: null,
  from: null,
  head: null,
  lowRank: { rank: 4, alpha: 8, blocks: null, layers: 'attention' as const },
  tower: 'both',
  blend: 'auto',
  loss: { name: 'multi-positive', temperature: null },
  learnFrom: { kind: 'captions' },
  labels: 'column',
  sampling: { kind: 'shuffled' },
  optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.1 },
  learningRate: 2e-3,
  warmup: 0.1,
  warmupSteps: 0,
  schedule: 'cosine',
  clipNorm: 1,
  emaDecay: 0.9,
  batchSize: 7,
  microBatchSize: 7,
  accumulate: 1,
  layerDecay: 1,
  patience: 8,
  epochs: 20,
  minutes: null,
  augment: true,
  holdOut: 0.1,
  validation: 0,
  seed: 3,
  device: 'cpu',
  threads: 1,
}
