/** The encoders that ship can be trained whole: no operator on the way lacks a rule. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildGradient } from '../../main/ml/autodiff/buildGradient.js'
import { openModelDirectory } from '../../main/ml/clip/modelDirectory.js'
import { encoderInputShapes } from '../../main/ml/clip/readEncoderGraph.js'
import { simplify } from '../../main/ml/onnx/simplify.js'
import { readTunableGraphs } from '../../main/ml/training/methods/tunableGraphs.js'
import { fullTower } from '../../main/ml/training/methods/tuning/fullTower.js'
import { projectRoot } from '../../main/platform/entries.js'

test('every weight of the starter’s encoders has a gradient', async () => {
  const model = await openModelDirectory(join(projectRoot, 'models', 'starter'))
  const graphs = await readTunableGraphs(model)
  for (const side of ['image', 'text'] as const) {
    const { graph, output, trainable } = fullTower(graphs[side], side)
    const inputShapes = encoderInputShapes(graph.inputs, model, 2)
    const outputs = graph.outputs.filter(({ name }) => name === output)
    const simple = simplify({ ...graph, outputs }, { inputShapes, keep: trainable })
    const backward = buildGradient(simple, { inputShapes, wrt: trainable, outputs: [output] })
    const resampled = graph.nodes.some(({ opType }) => opType === 'Resize')
    expect(resampled).toBe(side === 'image')
    const found = backward.outputs.filter(({ name }) => name.startsWith('gradient/'))
    expect(found).toHaveLength(trainable.length)
  }
})
