/** Writes `x.squeeze(0)` as torch.onnx does where it has lost sight of a size: by an If. */
import { readFile, writeFile } from 'node:fs/promises'
import {
  decodeModelProto,
  encodeMessage,
  type NodeProto,
} from '../../../main/ml/onnx/modelProto.js'
import { makeAttribute, makeBranch, makeConstant, makeNode } from './protoNodes.js'

/** Replaces each Squeeze along the first axis by "if its size is 1, Squeeze, else as it is". */
export async function branchOnSqueeze(path: string): Promise<void> {
  const model = decodeModelProto(await readFile(path))
  const node = model.graph!.node.flatMap((each) =>
    each.opType === 'Squeeze' ? withCheck(each) : [each],
  )
  await writeFile(path, encodeMessage('ModelProto', { ...model, graph: { ...model.graph!, node } }))
}

function withCheck(squeeze: NodeProto): NodeProto[] {
  const [x, y] = [squeeze.input[0]!, squeeze.output[0]!]
  const inside = (name: string) => `${y}/${name}`
  const same = makeNode('Identity', [x], inside('same'))
  return [
    makeNode('Shape', [x], inside('shape')),
    makeConstant(inside('axis'), [0]),
    makeNode('Gather', [inside('shape'), inside('axis')], inside('size'), [
      makeAttribute('axis', { i: 0, type: 2 }),
    ]),
    makeConstant(inside('one'), [1]),
    makeNode('Equal', [inside('size'), inside('one')], inside('is_one')),
    makeNode('If', [inside('is_one')], y, [
      makeBranch('then_branch', [{ ...squeeze, output: [inside('squeezed')] }]),
      makeBranch('else_branch', [same]),
    ]),
  ]
}
