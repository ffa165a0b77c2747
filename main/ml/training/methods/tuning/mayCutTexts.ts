/** Tells whether texts may be cut to the longest of a batch without changing their embeddings. */
import type { Tokenizer } from '../../../clip/tokenizer/Tokenizer.js'
import { writeModel } from '../../../onnx/writeModel.js'
import { openSession } from '../../../runtime/openSession.js'
import type { Tensors } from '../../../runtime/session.js'
import { pick } from '../../step/stepRunner.js'
import { agree } from './agree.js'
import type { TextSideOptions } from './sideTower.js'

/** Texts of different lengths, none of which fills the context. */
const probes = ['red', 'a boat on the water near the town']

/**
 * Embeds texts padded to the whole context and cut to the longest of them, and compares. They are equal
 * where nothing looks at padding: encoders with a causal mask that pool at the end of the text (CLIP),
 * and those that read `attention_mask`. SigLIP's look at it, as they were trained to.
 */
export async function mayCutTexts(options: TextSideOptions): Promise<boolean> {
  const { model, tokenizer, tower, context } = options
  if (model.padTo === 'contextLength') return false
  const { device, threads } = context.run.spec
  const graph = tower.merge(new Map())
  const { output } = tower
  const session = await openSession(writeModel(graph), { device, threads })
  const embed = async (padTo: 'longest' | 'contextLength') => {
    const inputs = probeTexts(tokenizer, model.contextLength, padTo)
    return (await session.run(pick(session, inputs), [output]))[output]!.data as Float32Array
  }
  try {
    return agree(await embed('longest'), await embed('contextLength'))
  } finally {
    await session.dispose()
  }
}

/** The probes as an encoder takes them. */
export function probeTexts(
  tokenizer: Tokenizer,
  contextLength: number,
  padTo: 'longest' | 'contextLength',
): Tensors {
  const { inputIds, attentionMask, length } = tokenizer.encode(probes, { contextLength, padTo })
  const dims = [probes.length, length]
  return {
    input_ids: { type: 'int64', dims, data: inputIds },
    attention_mask: { type: 'int64', dims, data: attentionMask },
  }
}
