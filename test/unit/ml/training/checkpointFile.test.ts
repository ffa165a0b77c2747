import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  readCheckpoint,
  writeCheckpoint,
} from '../../../../main/ml/training/checkpoint/checkpointFile.js'
import { isAppError } from '../../../../shared/errors.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-checkpoint-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const content = {
  state: { step: 12, tokenizer: { words: ['ä', '日本'] } },
  tensors: new Map([
    ['parameters', Float32Array.of(1.5, -2.25, Number.MIN_VALUE, 3e38)],
    ['empty', new Float32Array()],
    ['average', Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i))],
  ]),
}

describe('checkpoint file', () => {
  it('gives back what was written, over an older one', async () => {
    const path = join(folder, 'checkpoint.bin')
    expect(await readCheckpoint(path)).toBeNull()
    await writeCheckpoint(path, { state: 1, tensors: new Map() })
    await writeCheckpoint(path, content)
    expect(await readCheckpoint(path)).toEqual(content)
    expect(await readdir(folder)).toEqual(['checkpoint.bin'])
  })

  it('notices any changed or missing byte', async () => {
    const path = join(folder, 'checkpoint.bin')
    await writeCheckpoint(path, content)
    const whole = await readFile(path)
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (at, change, cut) => {
          const damaged = Buffer.from(whole)
          damaged[at]! ^= change
          await writeFile(path, damaged)
          if (cut) await truncate(path, at)
          await expect(readCheckpoint(path)).rejects.toSatisfy((error) =>
            isAppError(error, 'CHECKPOINT_INVALID'),
          )
        },
      ),
      { numRuns: 150 },
    )
  })
})
