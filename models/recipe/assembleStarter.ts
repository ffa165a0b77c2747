/**
 * `npm run assemble:starter`: puts the trained head of models/starter on the backbone anew, without
 * training; after a change of what stands around the head.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  readCompanions,
  writeModelDirectory,
} from '../../main/ml/clip/modelDirectory/writeModelDirectory.js'
import { openModelDirectory } from '../../main/ml/clip/modelDirectory.js'
import { storeWeightsAsFloat16 } from '../../main/ml/onnx/float16Weights.js'
import { readModelFile } from '../../main/ml/onnx/readModel.js'
import { isAppError } from '../../shared/errors.js'
import { assembleVision } from './assemble/assembleVision.js'
import { takeApart } from './assemble/takeApart.js'
import { replaceModel } from './assemble/writeStarter.js'
import { backbonePath } from './backbone/backbonePaths.js'
import { starterObjects } from './backbone/objectClasses.js'
import { readTfjsModel } from './backbone/readTfjsModel.js'
import { fetchSource } from './fetch/fetchSource.js'
import { sources } from './fetch/sources.js'
import { starterFolder, workFolder } from './folders.js'

async function assembleStarter(print: (line: string) => void): Promise<void> {
  const backbone = sources.find(({ name }) => name === '@vladmandic/human')!
  await fetchSource(backbone)
  const model = await openModelDirectory(starterFolder, { verify: 'full' })
  if (model.manifest === null) throw new Error(`${starterFolder} has no semblance.json`)
  const { scale, head } = takeApart(await readModelFile(model.visionPath))
  const vision = assembleVision(await readTfjsModel(backbonePath), scale, head)
  const { formatVersion: _, id: __, files: ___, ...card } = model.manifest
  const fresh = join(workFolder, 'starter')
  await rm(fresh, { recursive: true, force: true })
  const { id } = await writeModelDirectory(fresh, {
    vision: storeWeightsAsFloat16(vision),
    text: await readModelFile(model.textPath),
    companions: await readCompanions(model),
    card: { ...card, objects: starterObjects },
  })
  await replaceModel(fresh, starterFolder)
  print(`The starter ${id} is in ${starterFolder}`)
}

assembleStarter((line) => process.stdout.write(`${line}\n`)).catch((error: unknown) => {
  process.stderr.write(`${isAppError(error) ? error.message : String(error)}\n`)
  process.exitCode = 1
})
