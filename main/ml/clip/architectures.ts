/** The built-in architectures by name, and the reading of one from a file. */
import { readFile } from 'node:fs/promises'
import { AppError } from '../../../shared/errors.js'
import { type Architecture, type ArchitectureInput, architectureSchema } from './architecture.js'

/** The table. A new architecture is one entry. */
const architectures = {
  /** About 2 M parameters: trains to something useful in minutes. */
  tiny: {
    image: {
      kind: 'vit',
      imageSize: 64,
      patchSize: 8,
      stages: [
        { width: 96, layers: 2, heads: 2, mlpRatio: 3 },
        { width: 160, layers: 3, heads: 2, mlpRatio: 3 },
      ],
    },
    text: { vocabSize: 4096, contextLength: 32, width: 160, layers: 2, heads: 2, mlpRatio: 3 },
    block: { activation: 'relu', linearBias: false },
    embeddingDim: 128,
  },
  /** About 6 M parameters: 64 tokens of 8x8 pixels at width 128, merged to 16 at width 256. */
  small: {
    image: {
      kind: 'vit',
      imageSize: 64,
      patchSize: 8,
      stages: [
        { width: 128, layers: 3, heads: 2 },
        { width: 256, layers: 3, heads: 4 },
      ],
    },
    text: { vocabSize: 4096, contextLength: 48, width: 256, layers: 3, heads: 4, mlpRatio: 3 },
    block: { activation: 'relu', linearBias: false },
    embeddingDim: 256,
  },
  /** The pair of CLIP ViT-B/32 (Radford et al. 2021), 151 M parameters. */
  'base-b32': {
    image: {
      kind: 'vit',
      imageSize: 224,
      patchSize: 32,
      stages: [{ width: 768, layers: 12, heads: 12 }],
      pooling: 'cls',
    },
    text: { vocabSize: 49408, contextLength: 77, width: 512, layers: 12, heads: 8 },
    block: { activation: 'quick-gelu' },
    embeddingDim: 512,
  },
} satisfies Record<string, ArchitectureInput>

export const architectureNames = Object.keys(architectures)

/** The built-in architecture `name`; undefined if there is none. */
export function findArchitecture(name: string): Architecture | undefined {
  const entry = Object.entries(architectures).find(([key]) => key === name)
  return entry && architectureSchema.parse(entry[1])
}

/**
 * A built-in architecture, or one read from a JSON file.
 *
 * @throws AppError INVALID_ARGUMENT
 */
export async function loadArchitecture(nameOrPath: string): Promise<Architecture> {
  const known = findArchitecture(nameOrPath)
  if (known) return known
  const text = await readFile(nameOrPath, 'utf8').catch(() => {
    const problem = `it is neither a file that can be read nor one of ${architectureNames.join(', ')}`
    throw new AppError('INVALID_ARGUMENT', { argument: nameOrPath, problem })
  })
  return parseArchitecture(text, nameOrPath)
}

function parseArchitecture(text: string, path: string): Architecture {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new AppError('INVALID_ARGUMENT', { argument: path, problem: String(error) })
  }
  const parsed = architectureSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const problem = [issue.path.join('.'), issue.message].filter(Boolean).join(': ')
  throw new AppError('INVALID_ARGUMENT', { argument: path, problem })
}
