/** Finds out whether a model that is about to be written should have 8-bit encoders for search. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { SearchPrecision } from '../../../../shared/domain/precision.js'
import { removeStaleTemporaries, temporaryPathFor } from '../../../platform/atomicFiles.js'
import {
  type ModelParts,
  writeModelDirectory,
} from '../../clip/modelDirectory/writeModelDirectory.js'
import type { Graph } from '../../onnx/graph.js'
import { hasIntegerProducts, quantizeWeights } from '../../quantization/quantizeWeights.js'
import { reasonAgainstInt8 } from './decidePrecision.js'
import { type MeasureOptions, measurePrecision, type PrecisionSamples } from './measurePrecision.js'

export type QuantizedTowers = NonNullable<ModelParts['quantized']>

/** The encoders with 8-bit weights; null where none has large matrices that these make faster. */
export function quantizeTowers(towers: { vision: Graph; text: Graph }): QuantizedTowers | null {
  const quantized = { vision: quantizeWeights(towers.vision), text: quantizeWeights(towers.text) }
  return [quantized.vision, quantized.text].some(hasIntegerProducts) ? quantized : null
}

export interface JudgeOptions extends MeasureOptions {
  readonly samples: PrecisionSamples
  /** `int8` takes 8 bits whatever is found; `auto` only if they do as well. */
  readonly choice: 'int8' | 'auto'
}

/**
 * Writes the model with both kinds of encoders beside `target` and measures them; that copy goes
 * again, also what a crash has left of an earlier one.
 *
 * @returns the parts of the model to write, whose card tells what was found
 */
export async function judgeInt8(
  target: string,
  parts: ModelParts & { readonly quantized: QuantizedTowers },
  { samples, choice, ...options }: JudgeOptions,
): Promise<ModelParts & { readonly card: { readonly search: SearchPrecision } }> {
  await removeStaleTemporaries(target)
  const folder = temporaryPathFor(target)
  try {
    const model = await writeModelDirectory(join(folder, 'model'), parts)
    const measured = await measurePrecision(model, samples, options)
    const reason = choice === 'auto' ? reasonAgainstInt8(measured) : null
    const precision = reason === null ? 'int8' : 'float32'
    const card = { ...parts.card, search: { precision, ...measured, reason } as const }
    if (reason === null) return { ...parts, card }
    const { quantized: _, ...full } = parts
    return { ...full, card }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
