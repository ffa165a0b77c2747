/** Emoji of one vendor and stamps that the starter has never learned from, with their names. */
import { fetchData } from '../models/recipe/fetchData.js'
import { splitCorpus } from '../models/recipe/prepareData.js'
import type { TrainingPair } from '../shared/domain/training.js'

/** Fetches the recipe's packages where they are not there yet. */
export async function readHeldOutPictures(): Promise<TrainingPair[]> {
  await fetchData(() => {})
  const { pictures, parts } = await splitCorpus()
  return pictures.flatMap(({ image, name, aliases }, i) => {
    if (parts[i] === 'training' || parts[i] === 'unused' || !('path' in image)) return []
    return [{ image: image.path, captions: [...new Set([name, ...aliases])] }]
  })
}
