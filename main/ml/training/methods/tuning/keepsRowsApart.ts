/** Tells whether the numbers at a cut lie one input after the other. */
import type { TensorData } from '../../../onnx/graph.js'
import { writeModel } from '../../../onnx/writeModel.js'
import { openSession } from '../../../runtime/openSession.js'
import type { SessionOptions, Tensors } from '../../../runtime/session.js'
import { pick } from '../../step/stepRunner.js'
import { agree } from './agree.js'
import type { Frontier } from './frontier.js'

/**
 * Shapes do not tell it: the first axis of [batch * tokens, width] grows with the batch as that of
 * [tokens * batch, width] does, where an encoder has its tokens first. So two inputs go through
 * together, and the second once more alone.
 *
 * @param inputs of the encoder, two rows of each that differ
 */
export async function keepsRowsApart(
  { before, value }: Pick<Frontier, 'before' | 'value'>,
  inputs: Tensors,
  options: SessionOptions,
): Promise<boolean> {
  const session = await openSession(writeModel(before), options)
  const run = async (feeds: Tensors) =>
    (await session.run(pick(session, feeds), [value]))[value]!.data as Float32Array
  try {
    const both = await run(inputs)
    const second = Object.entries(inputs).map(([name, rows]) => [name, secondRow(rows)] as const)
    return agree(both.subarray(both.length / 2), await run(Object.fromEntries(second)))
  } finally {
    await session.dispose()
  }
}

function secondRow(rows: TensorData): TensorData {
  const data = rows.data.slice(rows.data.length / 2)
  return { ...rows, dims: [1, ...rows.dims.slice(1)], data } as TensorData
}
