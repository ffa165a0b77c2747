/**
 * `npm run assemble:starter`: puts the trained parts of models/starter into what stands around them,
 * without training: the image head on the backbone, and under the text encoder the words of things
 * that it lacks, and those of all languages that there are names in.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describeConfig } from '../../main/ml/clip/modelDirectory/describeConfig.js'
import {
  describeCompanions,
  readCompanions,
  writeModelDirectory,
} from '../../main/ml/clip/modelDirectory/writeModelDirectory.js'
import { openModelDirectory } from '../../main/ml/clip/modelDirectory.js'
import { storeWeightsAsFloat16 } from '../../main/ml/onnx/float16Weights.js'
import { readModelFile } from '../../main/ml/onnx/readModel.js'
import { isAppError } from '../../shared/errors.js'
import { addWords, vectorsOf } from './assemble/addWords.js'
import { assembleVision } from './assemble/assembleVision.js'
import { takeApart } from './assemble/takeApart.js'
import { replaceModel } from './assemble/writeStarter.js'
import { backbonePath } from './backbone/backbonePaths.js'
import { starterObjects } from './backbone/objectClasses.js'
import { readTfjsModel } from './backbone/readTfjsModel.js'
import { languages } from './corpus/translations.js'
import { fetchData } from './fetchData.js'
import { starterFolder, workFolder } from './folders.js'
import { splitCorpus } from './prepareData.js'
import { allVectors, chooseThings, readEmbeddings } from './words/embeddings.js'
import { buildLexicon, joinVectors } from './words/lexicon.js'
import { mixKinds } from './words/mixKinds.js'

async function assembleStarter(print: (line: string) => void): Promise<void> {
  await fetchData(print)
  const model = await openModelDirectory(starterFolder, { verify: 'full' })
  if (model.manifest === null) throw new Error(`${starterFolder} has no semblance.json`)
  const { formatVersion: _, id: __, files: ___, ...card } = model.manifest
  const { scale, head } = takeApart(await readModelFile(model.visionPath))
  const vision = assembleVision(await readTfjsModel(backbonePath), scale, head)
  const companions = await readCompanions(model)
  const known = {
    graph: await readModelFile(model.textPath),
    tokenizer: JSON.parse(companions['tokenizer.json']!),
    tokenizerConfig: JSON.parse(companions['tokenizer_config.json']!),
  }
  const { pictures, wordNet } = await splitCorpus()
  const english = await readEmbeddings()
  const { vectorOf } = mixKinds(allVectors(english), wordNet)
  const things = new Map(chooseThings(english, wordNet).map((word) => [word, vectorOf(word)!]))
  const lexicon = buildLexicon(pictures, joinVectors(vectorsOf(known), things))
  // A word that both have means what it does where it is found beside pictures.
  const text = addWords(known, new Map([...things, ...lexicon]))
  print(`${text.added} words were added`)
  const fresh = join(workFolder, 'starter')
  await rm(fresh, { recursive: true, force: true })
  const { id } = await writeModelDirectory(fresh, {
    vision: storeWeightsAsFloat16(vision),
    text: text.graph,
    companions: describeCompanions({
      config: describeConfig({
        ...card,
        imageWidth: card.imagePooledDim!,
        textWidth: card.textPooledDim!,
        vocabSize: text.vocabSize,
      }),
      preprocessing: JSON.parse(companions['preprocessor_config.json']!),
      tokenizer: text.files,
    }),
    card: {
      ...card,
      architecture: withVocabulary(card.architecture!, text.vocabSize),
      objects: starterObjects,
      trainingReport: { ...card.trainingReport, languages: ['en', ...languages] },
    },
  })
  await replaceModel(fresh, starterFolder)
  print(`The starter ${id} is in ${starterFolder}`)
}

function withVocabulary(
  architecture: Readonly<Record<string, unknown>>,
  vocabSize: number,
): Record<string, unknown> {
  return { ...architecture, text: { ...(architecture['text'] as object), vocabSize } }
}

assembleStarter((line) => process.stdout.write(`${line}\n`)).catch((error: unknown) => {
  process.stderr.write(`${isAppError(error) ? error.message : String(error)}\n`)
  process.exitCode = 1
})
