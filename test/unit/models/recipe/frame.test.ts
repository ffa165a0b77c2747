import { describe, expect, it } from 'vitest'
import { GraphBuilder } from '../../../../main/ml/onnx/graphBuilder.js'
import { writeModel } from '../../../../main/ml/onnx/writeModel.js'
import { openSession } from '../../../../main/ml/runtime/openSession.js'
import { imageSize } from '../../../../models/recipe/backbone/buildBackbone.js'
import { addFrame } from '../../../../models/recipe/backbone/frame.js'
import { plainView } from '../../../../models/recipe/features/drawView.js'
import { premultiply, renderView } from '../../../../models/recipe/features/renderView.js'

const plane = imageSize * imageSize

/** Smooth, so that two ways of making it smaller agree. */
const colours = Uint8Array.from({ length: 4 * plane }, (_, i) => {
  const [x, y] = [(i >> 2) % imageSize, Math.floor((i >> 2) / imageSize)]
  return [x, y, 128, 255][i % 4]!
})

async function framed(pixels: Float32Array): Promise<Float32Array> {
  const b = new GraphBuilder('framed')
  const dims = [1, 3, imageSize, imageSize]
  b.output(addFrame(b, b.input('pixels', 'float32', dims)), 'float32', dims, 'framed')
  const session = await openSession(writeModel(b.build()), { device: 'cpu', threads: 1 })
  try {
    const result = await session.run({ pixels: { type: 'float32', dims, data: pixels } })
    return result['framed']!.data as Float32Array
  } finally {
    await session.dispose()
  }
}

describe('addFrame', () => {
  it('shows the backbone what the plain view that is trained on shows', async () => {
    const cutOut = premultiply({ size: imageSize, data: colours })
    const trained = new Float32Array(3 * plane)
    renderView(cutOut, plainView, [], trained)
    const bare = new Float32Array(3 * plane)
    renderView(cutOut, { ...plainView, scale: [1, 1] }, [], bare)
    const used = await framed(bare)
    let worst = 0
    for (let i = 0; i < 3 * plane; i++) {
      const [x, y] = [i % imageSize, Math.floor((i % plane) / imageSize)]
      const depth = Math.min(x, y, imageSize - 1 - x, imageSize - 1 - y)
      // The edge of a view is blended with its ground, that of a frame is sharp.
      if (depth !== 5 && depth !== 6) worst = Math.max(worst, Math.abs(used[i]! - trained[i]!))
    }
    expect(worst).toBeLessThan(0.005)
    expect([used[0], trained[0]]).toEqual([1, 1])
  })
})
