/** `npm run eval:starter`: measures models/starter on what was held out, and asks it freely. */
import { isAppError } from '../../shared/errors.js'
import { describeAnswers, describeFigures, type Figure } from './evaluation/describeFigures.js'
import { describeHeldOut } from './evaluation/describeHeldOut.js'
import { answerFreely, freeTextGallery } from './evaluation/freeText.js'
import { listHeldOutSets, measureHeldOut } from './evaluation/heldOutFigures.js'
import { openModelEmbedders } from './evaluation/modelEmbedders.js'
import { fetchData } from './fetchData.js'
import { starterFolder } from './folders.js'
import { splitCorpus } from './prepareData.js'

async function evaluateStarter(print: (line: string) => void): Promise<void> {
  await fetchData(() => {})
  const { pictures, parts, manifest } = await splitCorpus()
  const embedders = await openModelEmbedders(starterFolder, pictures)
  try {
    print(`Model ${embedders.modelId}, split ${manifest}`)
    print(describeHeldOut(embedders.trainingReport, manifest) ?? 'NOTE: nobody knows its split.')
    const figures: Figure[] = []
    for (const set of listHeldOutSets(pictures, parts)) {
      figures.push({ set, metrics: await measureHeldOut(set, pictures, embedders) })
    }
    print(`\n${describeFigures(figures)}\n`)
    const gallery = freeTextGallery(parts)
    print(`Free questions, asked of ${gallery.length} held-out pictures:\n`)
    print(describeAnswers(await answerFreely(gallery, pictures, embedders)))
  } finally {
    await embedders.dispose()
  }
}

evaluateStarter((line) => process.stdout.write(`${line}\n`)).catch((error: unknown) => {
  process.stderr.write(`${isAppError(error) ? error.message : String(error)}\n`)
  process.exitCode = 1
})
