/** Pictures of the starter's corpus with their names, of the parts that are asked for. */
import type { Picture } from '../../models/recipe/corpus/picture.js'
import { fetchData } from '../../models/recipe/fetchData.js'
import { splitCorpus } from '../../models/recipe/prepareData.js'
import type { Part } from '../../models/recipe/split/assignParts.js'
import type { TrainingPair } from '../../shared/domain/training.js'

/** Fetches the recipe's packages where they are not there yet. */
export async function readPictures(
  isWanted: (part: Part, picture: Picture) => boolean,
): Promise<TrainingPair[]> {
  await fetchData(() => {})
  const { pictures, parts } = await splitCorpus()
  return pictures.flatMap((picture, i) => {
    const { image, name, aliases } = picture
    const part = parts[i]!
    if (part === 'unused' || !('path' in image) || !isWanted(part, picture)) return []
    return [{ image: image.path, captions: [...new Set([name, ...aliases])] }]
  })
}
