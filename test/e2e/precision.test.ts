/** A model with 8-bit encoders: made by the command line, indexed with, searched with. */
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { runForJson, runSemblance } from '../support/commandLine.js'
import { writeShapes } from '../support/pictureFolder.js'
import { writeSmallModel } from '../support/smallModel.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

const report = z.object({
  id: z.string(),
  path: z.string(),
  precision: z.string(),
  isNew: z.boolean(),
  measured: z.object({ queries: z.number(), leastCosine: z.number() }).nullable(),
})
const indexed = z.object({ indexed: z.number(), device: z.string() })
const found = z.object({ hits: z.array(z.unknown()) })

it('is made, indexed with and searched with', async () => {
  const folder = await temporaryFolder()
  const env = { SEMBLANCE_HOME: join(folder, 'library') }
  await writeShapes(join(folder, 'photos'))
  await writeSmallModel(join(folder, 'model'))
  const json = <T extends z.ZodType>(args: string[], schema: T) => runForJson(args, schema, { env })

  await json(['add', join(folder, 'photos')], z.unknown())
  await json(['models', 'use', join(folder, 'model')], z.unknown())
  const precision = (...args: string[]) => json(['models', 'precision', ...args], report)
  const before = await precision(join(folder, 'model'))
  expect(before).toMatchObject({ precision: 'float32', isNew: false, measured: null })
  const made = await precision(join(folder, 'model'), 'int8')
  expect(made).toMatchObject({ precision: 'int8', isNew: true })
  expect(made.measured!.leastCosine).toBeGreaterThan(0.98)
  expect(await precision(made.id)).toMatchObject({ id: made.id, precision: 'int8', isNew: false })

  // The model in use is still the old one, and photos are looked at anew for the new one.
  const first = await json(['index'], indexed)
  expect(first.indexed).toBeGreaterThan(0)
  const used = await json(['models', 'use', made.id], z.object({ indexed: z.number() }))
  expect(used.indexed).toBe(first.indexed)
  const second = await json(['index'], indexed)
  expect(second).toEqual({ ...second, indexed: 0, device: 'cpu' })
  expect((await json(['search', 'a red circle'], found)).hits.length).toBeGreaterThan(0)

  // Its encoders are sealed like all of its files.
  await cp(
    join(made.path, 'onnx/text_model.onnx'),
    join(made.path, 'onnx/text_model_quantized.onnx'),
  )
  const verified = await runSemblance(['models', 'verify', made.id], { env })
  expect(verified.exitCode).not.toBe(0)
  expect(verified.stderr).toContain('text_model_quantized.onnx')
})
