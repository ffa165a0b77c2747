/** Writes a whole model directory around exported graphs, in the precision that is asked for. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ModelDirectory, openModelDirectory } from '../../../main/ml/clip/modelDirectory.js'
import type { TokenizerFiles } from '../../../main/ml/clip/tokenizer/tokenizerFiles.js'
import type { Graph } from '../../../main/ml/onnx/graph.js'
import { writeModelFile } from '../../../main/ml/onnx/writeModelFile.js'
import { quantizeDynamically } from './quantizeDynamically.js'
import { toHalf } from './toHalf.js'

export interface ExportOptions {
  /** Of the graphs, 11 to 21; 14 unless told. */
  readonly opset?: number
  /** `float16` stores and computes in half precision; `int8` has MatMulInteger for its products. */
  readonly precision?: 'float32' | 'float16' | 'int8'
  /** Keeps weights in a file beside each graph. */
  readonly externalData?: boolean
  readonly seed?: number
}

/** What a kind of model is made of; the graphs are in float32. */
export interface ExportedModel {
  readonly vision: Graph
  readonly text: Graph
  readonly config: object
  readonly preprocessing: object
  readonly tokenizer: Pick<TokenizerFiles, 'tokenizer' | 'tokenizerConfig'>
}

const variants = {
  float32: { suffix: '', convert: (graph: Graph) => graph },
  float16: { suffix: '_fp16', convert: toHalf },
  int8: { suffix: '_quantized', convert: quantizeDynamically },
} as const

export async function writeExport(
  folder: string,
  model: ExportedModel,
  { precision = 'float32', externalData = false }: ExportOptions,
): Promise<ModelDirectory> {
  await mkdir(join(folder, 'onnx'), { recursive: true })
  const files = {
    'config.json': model.config,
    'preprocessor_config.json': model.preprocessing,
    'tokenizer.json': model.tokenizer.tokenizer,
    'tokenizer_config.json': model.tokenizer.tokenizerConfig,
  }
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), JSON.stringify(content))
  }
  const { suffix, convert } = variants[precision]
  for (const tower of ['vision', 'text'] as const) {
    const path = join(folder, 'onnx', `${tower}_model${suffix}.onnx`)
    await writeModelFile(path, convert(model[tower]), externalData ? { externalAboveBytes: 0 } : {})
  }
  return openModelDirectory(folder)
}
