/** Entries of the catalogue are well formed, and say plainly what is not known. */
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../../../main/ml/hub/catalogue/table.js'
import { estimateMemory, estimateSize, estimateSpeed } from '../../../../main/ml/hub/estimates.js'
import { addressOf } from '../../../../main/ml/hub/planDownload.js'
import { catalogueEntrySchema } from '../../../../shared/domain/catalogue.js'

test('no two entries share a name', () => {
  expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length)
  expect(new Set(catalogue.map(({ title }) => title)).size).toBe(catalogue.length)
})

describe.each(catalogue.map((entry) => [entry.id, entry] as const))('%s', (_, entry) => {
  test('is well formed', () => {
    expect(catalogueEntrySchema.parse(entry)).toEqual(entry)
    expect(entry.repository).toMatch(/^[\w.-]+\/[\w.-]+$/)
    const paths = entry.files.map(({ path }) => path)
    for (const needed of ['config.json', 'tokenizer.json', 'onnx/vision_model.onnx']) {
      expect(paths).toContain(needed)
    }
  })

  test('known sizes agree with the number of weights', () => {
    for (const { path, sizeBytes } of entry.files) {
      const millions = path.includes('vision') ? entry.parameters.image : entry.parameters.text
      if (!path.endsWith('.onnx') || sizeBytes === null) continue
      expect(sizeBytes / (millions * 4e6)).toBeGreaterThan(0.98)
      expect(sizeBytes / (millions * 4e6)).toBeLessThan(1.02)
    }
  })

  test('is estimated sensibly', () => {
    const { sizeBytes } = estimateSize(entry)
    expect(sizeBytes).toBeGreaterThan(150e6)
    expect(estimateMemory(entry)).toBeGreaterThan(sizeBytes * 0.95)
    expect(estimateSpeed(entry, 300)).toBeGreaterThan(1)
  })
})

test('an address is that of the commit', () => {
  expect(addressOf('https://hub.example', 'a/b', 'c0ffee', 'onnx/x.onnx')).toBe(
    'https://hub.example/a/b/resolve/c0ffee/onnx/x.onnx',
  )
  expect(addressOf('https://hub.example', 'a/b', null, 'x')).toContain('/resolve/main/')
})
