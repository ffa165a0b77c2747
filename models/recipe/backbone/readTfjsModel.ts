/** Reads a TensorFlow.js graph model: its nodes, and its weights widened to float32. */
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { fromFloat16Array } from '../../../main/ml/onnx/float16.js'

const attributeSchema = z.object({
  s: z.string().optional(),
  b: z.boolean().optional(),
  list: z
    .object({ s: z.array(z.string()).optional(), i: z.array(z.string()).optional() })
    .optional(),
})

const modelSchema = z.object({
  modelTopology: z.object({
    node: z.array(
      z.object({
        name: z.string(),
        op: z.string(),
        input: z.array(z.string()).default([]),
        attr: z.record(z.string(), attributeSchema).default({}),
      }),
    ),
  }),
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()),
      weights: z.array(
        z.object({
          name: z.string(),
          shape: z.array(z.number().int()),
          dtype: z.enum(['float32', 'int32']),
          quantization: z.object({ dtype: z.literal('float16') }).optional(),
        }),
      ),
    }),
  ),
})

export type TfNode = z.infer<typeof modelSchema>['modelTopology']['node'][number]

/** A constant of the model in TensorFlow's layout; integers are widened to float32 as well. */
export interface TfWeight {
  readonly dims: readonly number[]
  readonly data: Float32Array
}

export interface TfjsModel {
  readonly nodes: ReadonlyMap<string, TfNode>
  readonly weights: ReadonlyMap<string, TfWeight>
}

/** Reads the model whose `.json` file is at `path`; its weight files lie beside it. */
export async function readTfjsModel(path: string): Promise<TfjsModel> {
  const { modelTopology, weightsManifest } = modelSchema.parse(
    JSON.parse(await readFile(path, 'utf8')),
  )
  const weights = new Map<string, TfWeight>()
  for (const group of weightsManifest) {
    const parts = await Promise.all(group.paths.map((name) => readFile(join(dirname(path), name))))
    const bytes = Buffer.concat(parts)
    let offset = 0
    for (const { name, shape, dtype, quantization } of group.weights) {
      const size = shape.reduce((product, dim) => product * dim, 1)
      const width = quantization === undefined ? 4 : 2
      const slice = bytes.subarray(offset, offset + size * width)
      weights.set(name, { dims: shape, data: widen(slice, quantization?.dtype ?? dtype) })
      offset += size * width
    }
  }
  return { nodes: new Map(modelTopology.node.map((node) => [node.name, node])), weights }
}

function widen(bytes: Buffer, type: 'float32' | 'int32' | 'float16'): Float32Array {
  // A copy, as the weights of a file do not start at multiples of their size.
  const { buffer } = Uint8Array.from(bytes)
  if (type === 'float16') return fromFloat16Array(new Uint16Array(buffer))
  return type === 'int32' ? Float32Array.from(new Int32Array(buffer)) : new Float32Array(buffer)
}
