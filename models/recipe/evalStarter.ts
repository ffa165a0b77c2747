/** `npm run eval:starter`: measures models/starter on what was held out, and asks it freely. */
import { join } from 'node:path'
import { isAppError } from '../../shared/errors.js'
import { writeContactSheet } from './evaluation/contactSheet.js'
import { describeAnswers, describeFigures, type Figure } from './evaluation/describeFigures.js'
import { describeHeldOut } from './evaluation/describeHeldOut.js'
import {
  answerFreely,
  freeQueries,
  freeTextGallery,
  photographQueries,
} from './evaluation/freeText.js'
import {
  listHeldOutSets,
  listLanguageSets,
  measureHeldOut,
  probeSet,
} from './evaluation/heldOutFigures.js'
import { openModelEmbedders } from './evaluation/modelEmbedders.js'
import { describeObjects } from './evaluation/objectFigures.js'
import { fetchData } from './fetchData.js'
import { starterFolder, workFolder } from './folders.js'
import { splitCorpus } from './prepareData.js'
import { readProbe } from './probe/readProbe.js'

async function evaluateStarter(print: (line: string) => void): Promise<void> {
  await fetchData(() => {})
  const { pictures: corpus, parts, manifest } = await splitCorpus()
  const photographs = await readProbe()
  const pictures = [...corpus, ...photographs]
  const probe = photographs.map((_, i) => corpus.length + i)
  const embedders = await openModelEmbedders(starterFolder, pictures)
  try {
    print(`Model ${embedders.modelId}, split ${manifest}`)
    print(describeHeldOut(embedders.trainingReport, manifest) ?? 'NOTE: nobody knows its split.')
    const figures: Figure[] = []
    const sets = [
      ...listHeldOutSets(corpus, parts),
      probeSet(probe),
      ...listLanguageSets(corpus, parts),
    ]
    for (const set of sets) {
      figures.push({ set, metrics: await measureHeldOut(set, pictures, embedders) })
    }
    print(`\n${describeFigures(figures)}\n`)
    const gallery = freeTextGallery(parts)
    print(`Free questions, asked of ${gallery.length} held-out pictures:\n`)
    print(describeAnswers(await answerFreely(freeQueries, gallery, pictures, embedders)))
    print(`\nFree questions, asked of ${probe.length} photographs:\n`)
    const answers = await answerFreely(photographQueries, probe, pictures, embedders)
    print(describeAnswers(answers))
    const sheet = join(workFolder, 'contact-sheet.html')
    await writeContactSheet(sheet, answers, pictures)
    print(`\nTo look at: ${sheet}`)
    print(`\nThings found in ${probe.length} photographs:\n`)
    print(await describeObjects(starterFolder, photographs))
  } finally {
    await embedders.dispose()
  }
}

evaluateStarter((line) => process.stdout.write(`${line}\n`)).catch((error: unknown) => {
  process.stderr.write(`${isAppError(error) ? error.message : String(error)}\n`)
  process.exitCode = 1
})
