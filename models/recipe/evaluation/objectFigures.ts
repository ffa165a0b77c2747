/** How often what the starter finds in photographs is really there. */
import { openImageEncoder } from '../../../main/ml/clip/encoders.js'
import { openModelDirectory } from '../../../main/ml/clip/modelDirectory.js'
import { loadPixelValues } from '../../../main/ml/clip/preprocess.js'
import type { Picture } from '../corpus/picture.js'
import { isVisible, shownPlainly } from '../probe/visibleObjects.js'

/** A thing told of a photograph, however often; the photograph by its caption. */
interface Told {
  readonly caption: string
  readonly name: string
  readonly score: number
}

/** The scores from which figures are given: all that is told, and what counts as a good match. */
const leastScores = [0, 0.5]

/** A table for the model card, and each thing that is told of a photograph. */
export async function describeObjects(
  folder: string,
  photographs: readonly Picture[],
): Promise<string> {
  const told = await findObjects(folder, photographs)
  const plain = Object.entries(shownPlainly)
  const rows = leastScores.map((least) => {
    const some = told.filter(({ score }) => score >= least)
    const right = some.filter(({ caption, name }) => isVisible(caption, name))
    const found = plain.filter(([of, name]) =>
      some.some((one) => one.caption === of && one.name === name),
    )
    const from = least === 0 ? 'all that is told' : `with a score of ${least} or more`
    return `| ${from} | ${some.length} | ${right.length} | ${found.length} of ${plain.length} |`
  })
  const list = told.map(({ caption, name, score }) => {
    const wrong = isVisible(caption, name) ? '' : ', which is not there'
    return `${caption}: ${name} ${score.toFixed(2)}${wrong}`
  })
  return [
    '| things in photographs | told | right | of what photographs are of |',
    '|---|---|---|---|',
    ...rows,
    '',
    ...list,
  ].join('\n')
}

async function findObjects(folder: string, photographs: readonly Picture[]): Promise<Told[]> {
  const model = await openModelDirectory(folder)
  const encoder = await openImageEncoder(model, { device: 'cpu', threads: 0, objects: true })
  const told: Told[] = []
  try {
    for (const { image, name: caption } of photographs) {
      if (!('path' in image)) continue
      const pixels = await loadPixelValues(image.path, model.preprocess)
      const { objects } = await encoder.encode(pixels, 1)
      const surest = new Map<string, number>()
      for (const { name, score } of objects?.[0] ?? []) {
        if (!surest.has(name)) surest.set(name, score)
      }
      told.push(...[...surest].map(([name, score]) => ({ caption, name, score })))
    }
  } finally {
    await encoder.dispose()
  }
  return told
}
