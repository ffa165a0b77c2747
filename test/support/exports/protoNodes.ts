/** Nodes as they stand in a file, for what the graph IR has no form of: branches. */
import {
  type AttributeProto,
  encodeMessage,
  type NodeProto,
  type TensorProto,
} from '../../../main/ml/onnx/modelProto.js'

/** A branch that gives what its last node gives; as torch.onnx has it, without a shape. */
export function makeBranch(name: string, node: readonly NodeProto[]): AttributeProto {
  const result = node.at(-1)!.output[0]!
  const output = [{ name: result, type: { tensorType: { elemType: 1, shape: null } } }]
  return makeAttribute(name, {
    type: 5,
    g: encodeMessage('GraphProto', { name: `${name}_graph`, node, output }),
  })
}

export function makeNode(
  opType: string,
  input: readonly string[],
  output: string,
  attribute: readonly AttributeProto[] = [],
): NodeProto {
  const fields = { opType, input, output: [output], name: output, attribute }
  return fields as unknown as NodeProto
}

export function makeConstant(name: string, values: readonly number[]): NodeProto {
  const t = { dims: [values.length], dataType: 7, int64Data: values } as unknown as TensorProto
  return makeNode('Constant', [], name, [makeAttribute('value', { t, type: 4 })])
}

export function makeAttribute(name: string, fields: Partial<AttributeProto>): AttributeProto {
  return { name, ...fields } as unknown as AttributeProto
}
