/** Model directories that somebody has tampered with: each case is one line of a table. */
import { execFile } from 'node:child_process'
import { appendFile, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  decodeModelProto,
  encodeMessage,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from '../../main/ml/onnx/modelProto.js'

export interface HostileModel {
  readonly name: string
  /** Changes a copy of a sound export. */
  readonly change: (folder: string) => Promise<void>
  /** The file that the error must name, by its path in the folder. */
  readonly file: string
  readonly reason: RegExp
}

const vision = 'onnx/vision_model.onnx'
const text = 'onnx/text_model.onnx'

/** A tensor that is sound if nothing is changed. */
function tensor(changes: Partial<TensorProto>): TensorProto {
  return { name: 'evil', dataType: 1, dims: [1], floatData: [1], ...changes } as TensorProto
}

function node(changes: Partial<NodeProto>): NodeProto {
  return { name: 'evil', opType: 'Identity', input: [], output: [], ...changes } as NodeProto
}

type Parts = { -readonly [K in 'initializer' | 'node']: NonNullable<ModelProto['graph']>[K] }

/** The case of an altered vision graph. */
function graph(
  name: string,
  reason: RegExp,
  alter: (parts: Parts) => object | undefined,
): HostileModel {
  const change = async (folder: string) => {
    const path = join(folder, vision)
    const model = decodeModelProto(await readFile(path))
    const parts: Parts = { initializer: model.graph!.initializer, node: model.graph!.node }
    const more = alter(parts)
    const changed = { ...model, graph: { ...model.graph!, ...parts, ...more } }
    await writeFile(path, encodeMessage('ModelProto', changed))
  }
  return { name, change, file: vision, reason }
}

const withTensor = (name: string, reason: RegExp, changes: Partial<TensorProto>) =>
  graph(name, reason, (parts) => {
    parts.initializer = [...parts.initializer, tensor(changes)]
  })

const withNodes = (name: string, reason: RegExp, ...nodes: Partial<NodeProto>[]) =>
  graph(name, reason, (parts) => {
    parts.node = [...parts.node, ...nodes.map(node)]
  })

/** Weights kept in another file, of which `entries` tells. */
const external = (name: string, reason: RegExp, entries: Record<string, string>) =>
  withTensor(name, reason, {
    floatData: [],
    dataLocation: 1,
    externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
  })

const file = (
  name: string,
  of: string,
  reason: RegExp,
  change: (path: string, folder: string) => Promise<unknown>,
): HostileModel => ({
  name,
  file: of,
  reason,
  async change(folder) {
    await change(join(folder, of), folder)
  },
})

const attribute = (changes: object) => ({ name: 'a', type: 4, ...changes }) as never

/** A graph within a graph, so many times. */
function nested(depth: number): Uint8Array {
  const inner =
    depth === 0 ? [] : [node({ attribute: [attribute({ type: 5, g: nested(depth - 1) })] })]
  return encodeMessage('GraphProto', { name: 'g', node: inner })
}

const leaving = { dataLocation: 1, externalData: [{ key: 'location', value: '../../secret' }] }
const shape = (dims: number[]) =>
  tensor({ dims: [dims.length], dataType: 7, floatData: [], int64Data: dims })

export const hostileModels: readonly HostileModel[] = [
  file('a graph cut short', vision, /ends in the midst/, (path) => truncate(path, 5000)),
  file('an empty graph', vision, /no graph/, (path) => writeFile(path, '')),
  file('noise for a graph', vision, /protobuf|midst|ten bytes/, (path) =>
    writeFile(path, Buffer.alloc(4096, 0xef)),
  ),
  file('a field of 16 GiB in a small file', vision, /ends in the midst/, (path) =>
    appendFile(path, Buffer.from([0x3a, 0x80, 0x80, 0x80, 0x80, 0x40])),
  ),
  file('a number without end', text, /ten bytes/, (path) =>
    appendFile(path, Buffer.alloc(12, 0x80)),
  ),
  file(
    'a graph that is a link to another place',
    text,
    /outside the model directory/,
    async (path) => {
      await rm(path)
      await symlink('/dev/zero', path)
    },
  ),
  file('a pipe for a graph', text, /not a plain file/, async (path) => {
    await rm(path)
    await promisify(execFile)('mkfifo', [path])
  }),
  withTensor('a negative dimension', /negative dimension/, { dims: [-1] }),
  withTensor('10 GB claimed by a few bytes', /1 elements where 2500000000/, {
    dims: [50_000, 50_000],
  }),
  withTensor('more elements than can be counted', /impossible dimensions/, {
    dims: [2 ** 40, 2 ** 40],
  }),
  withTensor('raw bytes of another length', /3 bytes where 4/, {
    floatData: [],
    rawData: new Uint8Array(3),
  }),
  external('weights in the folder above', /outside/, { location: '../secret' }),
  external('weights at an absolute path', /outside/, { location: '/etc/passwd' }),
  external('weights on another drive', /outside/, { location: 'C:\\secret' }),
  {
    ...external('weights nowhere', /missing/, { location: 'nothing.data' }),
    file: 'onnx/nothing.data',
  },
  external('weights after the end of their file', /before 10000003/, {
    location: 'text_model.onnx',
    offset: '9999999',
  }),
  graph('a weight of two meanings', /defined twice/, (parts) => {
    parts.initializer = [...parts.initializer, parts.initializer[0]!]
  }),
  graph('sparse weights', /sparse/, () => ({ sparseInitializer: [new Uint8Array(2)] })),
  graph('an output of nothing', /nothing computes/, (parts) => {
    parts.node = parts.node.slice(0, -1)
  }),
  withNodes('a value of two meanings', /defined twice/, {
    input: ['pixel_values'],
    output: ['image_embeds'],
  }),
  withNodes('a node that feeds itself', /before it is computed/, {
    input: ['evil'],
    output: ['evil'],
  }),
  withNodes(
    'a cycle of two nodes',
    /before it is computed/,
    { input: ['b'], output: ['a'] },
    { input: ['a'], output: ['b'] },
  ),
  withNodes('a weight in a node that leads outside', /outside/, {
    opType: 'Constant',
    output: ['evil'],
    attribute: [attribute({ t: tensor({ floatData: [], ...leaving }) })],
  }),
  withNodes('a weight in a branch that leads outside', /outside/, {
    opType: 'If',
    attribute: [
      attribute({
        type: 5,
        g: encodeMessage('GraphProto', { initializer: [tensor({ floatData: [], ...leaving })] }),
      }),
    ],
  }),
  withNodes('graphs in graphs in graphs', /nested too deeply/, {
    opType: 'If',
    attribute: [attribute({ type: 5, g: nested(1_000) })],
  }),
  graph('a fill of a terabyte', /would make 1000000000000 elements/, (parts) => {
    parts.initializer = [...parts.initializer, shape([1_000_000, 1_000_000])]
    parts.node = [
      ...parts.node,
      node({ opType: 'ConstantOfShape', input: ['evil'], output: ['b'] }),
    ]
  }),
  graph('a picture spread to a terabyte', /would make/, (parts) => {
    parts.initializer = [...parts.initializer, shape([1_000_000, 3, 1_000, 1_000])]
    parts.node = [
      ...parts.node,
      node({ opType: 'Expand', input: ['pixel_values', 'evil'], output: ['b'] }),
    ]
  }),
  file('a configuration that is no JSON', 'config.json', /no valid JSON/, (path) =>
    writeFile(path, '{'),
  ),
  file('a configuration of another kind', 'config.json', /model_type/, (path) =>
    writeFile(path, '{}'),
  ),
  file('absurd widths', 'config.json', /projection_dim/, (path) =>
    writeFile(path, '{"model_type":"clip","projection_dim":1000000000}'),
  ),
  file('a configuration of a gigabyte', 'config.json', /larger than 128 MiB/, (path) =>
    truncate(path, 2 ** 30),
  ),
  file('pictures of a gigapixel', 'preprocessor_config.json', /size/, (path) =>
    writeFile(path, '{"size":{"height":32000,"width":32000}}'),
  ),
  file(
    'a tokenizer nested a million times',
    'tokenizer.json',
    /valid JSON|expected|does not fit/i,
    (path) => writeFile(path, '['.repeat(1_000_000)),
  ),
  file('a tokenizer without words', 'tokenizer.json', /./, (path) =>
    writeFile(path, '{"model":{}}'),
  ),
]
