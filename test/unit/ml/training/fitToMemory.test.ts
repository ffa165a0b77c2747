import { expect, it } from 'vitest'
import { GraphBuilder } from '../../../../main/ml/onnx/graphBuilder.js'
import { fitToMemory } from '../../../../main/ml/training/methods/tuning/fitToMemory.js'
import { keptBytesBeside } from '../../../../main/ml/training/step/activationStore.js'

const megabytes = 2 ** 20

/** A side that computes so many bytes of each input, and trains weights of so many. */
function side(bytesPerInput: number, trainedBytes: number) {
  const width = bytesPerInput / 4
  const builder = new GraphBuilder('side')
  const x = builder.input('x', 'float32', ['n', width])
  // Only its size is read.
  builder.initializer('w', {
    type: 'float32',
    dims: [trainedBytes / 4],
    data: new Float32Array(),
  })
  builder.output(builder.op('Relu', [x]), 'float32', ['n', width], 'y')
  return {
    tower: { graph: builder.build(), output: 'y', trainable: ['w'], noDecay: new Set<string>() },
    shapes: (count: number) => ({ x: [count, width] }),
  }
}

const pair = (valueBytes: number, trainedBytes = 0) => [
  side(valueBytes, trainedBytes),
  side(valueBytes, trainedBytes),
]

it('takes a batch whole where its values fit', () => {
  expect(fitToMemory(pair(4 * megabytes), 128)).toBe(128)
})

it('takes parts of it where they do not, one encoder after the other', () => {
  expect(fitToMemory(pair(64 * megabytes), 128)).toBe(16)
  expect(fitToMemory(pair(4096 * megabytes), 128)).toBe(1)
})

it('takes a whole batch by the memory of the machine that weights leave', () => {
  // 3.25 GB in all.
  const hasRoom = 1.6 * keptBytesBeside(0) > 3_328 * megabytes
  expect(fitToMemory(pair(13 * megabytes), 128)).toBe(hasRoom ? 128 : 64)
  expect(fitToMemory(pair(13 * megabytes, 1024 * megabytes), 128)).toBe(64)
})
