/** Serializes the graph IR as an ONNX model; weights go out as raw bytes and are never copied twice. */

import { bytesOf, elementCode } from './elementTypes.js'
import type { Attribute, Graph, GraphNode, TensorData, ValueInfo } from './graph.js'
import {
  type AttributeProto,
  encodeMessage,
  fieldNumbers,
  type NodeProto,
  type OperatorSetIdProto,
  type ValueInfoProto,
} from './modelProto.js'
import { type ExternalRange, encodeTensorHeader } from './tensorProto.js'

/** ONNX IR version 9 goes with opset 20. */
const irVersion = 9

/** Initializers that lie in another file, by name. */
export type ExternalRanges = ReadonlyMap<string, ExternalRange>

/** The serialized ModelProto. Needs its own size in memory beside the graph. */
export function writeModel(graph: Graph): Uint8Array {
  const chunks = encodeModel(graph)
  const bytes = new Uint8Array(sizeOf(chunks))
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}

/** The serialized ModelProto in pieces; the large ones are views of the graph's own tensors. */
export function encodeModel(graph: Graph, external: ExternalRanges = new Map()): Uint8Array[] {
  const head = encodeMessage('GraphProto', {
    name: graph.name,
    node: graph.nodes.map(fromNode),
    input: graph.inputs.map(fromValueInfo),
    output: graph.outputs.map(fromValueInfo),
  })
  const graphChunks = [head]
  for (const [name, tensor] of graph.initializers) {
    const chunks = encodeInitializer(name, tensor, external.get(name))
    graphChunks.push(prefix(fieldNumbers.graphInitializer, sizeOf(chunks)), ...chunks)
  }
  const model = encodeMessage('ModelProto', {
    irVersion,
    producerName: 'semblance',
    opsetImport: opsetImports(graph),
  })
  return [model, prefix(fieldNumbers.modelGraph, sizeOf(graphChunks)), ...graphChunks]
}

/** Total bytes of the pieces. */
export function sizeOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0)
}

function encodeInitializer(
  name: string,
  tensor: TensorData,
  external: ExternalRange | undefined,
): Uint8Array[] {
  const header = encodeTensorHeader(name, tensor, external)
  if (external !== undefined) return [header]
  const raw = bytesOf(tensor.data)
  return [header, prefix(fieldNumbers.tensorRawData, raw.byteLength), raw]
}

/** A protobuf tag of wire type 2 (length-delimited) and the length that follows it. */
function prefix(fieldNumber: number, lengthBytes: number): Uint8Array {
  const bytes = [(fieldNumber << 3) | 2]
  let rest = lengthBytes
  while (rest > 127) {
    bytes.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return Uint8Array.from(bytes)
}

function opsetImports(graph: Graph): OperatorSetIdProto[] {
  const standard = { domain: '', version: graph.opset }
  const usesContrib = graph.nodes.some(({ domain }) => domain === 'com.microsoft')
  return usesContrib ? [standard, { domain: 'com.microsoft', version: 1 }] : [standard]
}

function fromNode(node: GraphNode): NodeProto {
  return {
    name: node.name,
    opType: node.opType,
    domain: node.domain,
    input: node.inputs,
    output: node.outputs,
    attribute: Object.entries(node.attributes).map(
      ([name, attribute]) => ({ name, ...fromAttribute(attribute) }) as AttributeProto,
    ),
  }
}

function fromAttribute(attribute: Attribute): Partial<AttributeProto> {
  switch (attribute.kind) {
    case 'float':
      return { type: 1, f: attribute.value }
    case 'int':
      return { type: 2, i: attribute.value }
    case 'string':
      return { type: 3, s: Buffer.from(attribute.value) }
    case 'tensor':
      return { type: 4, t: fromTensor(attribute.value) }
    case 'floats':
      return { type: 6, floats: attribute.value }
    case 'ints':
      return { type: 7, ints: attribute.value }
    case 'strings':
      return { type: 8, strings: attribute.value.map((text) => Buffer.from(text)) }
  }
}

function fromTensor(tensor: TensorData): NonNullable<AttributeProto['t']> {
  const proto = { dims: tensor.dims, dataType: elementCode(tensor.type) }
  return { ...proto, rawData: bytesOf(tensor.data) } as NonNullable<AttributeProto['t']>
}

function fromValueInfo(info: ValueInfo): ValueInfoProto {
  const dim = info.shape.map((size) =>
    typeof size === 'number' ? { dimValue: size } : { dimParam: size },
  )
  return {
    name: info.name,
    type: { tensorType: { elemType: elementCode(info.type), shape: { dim } } },
  }
}
