/** Finds icons that draw a held-out concept under a name that gives nothing away. */
import type { Picture } from '../corpus/picture.js'
import { decodeCutOut } from '../features/cutOut.js'
import { shrink } from '../features/describePixels.js'
import { looksSame, type Thumbnail, toThumbnail } from './thumbnail.js'

export interface RenamedIcon {
  /** Id of the icon that training is to leave out. */
  readonly id: string
  /** Name of the held-out concept that its set draws the same way. */
  readonly concept: string
}

/** Enough for a tiny copy. */
const renderedSize = 64

/**
 * Compares the icons that are no emoji by code with what the same set draws for held-out concepts.
 *
 * @param training pictures that may be trained on
 * @param setAside pictures of held-out concepts by other hands than the held-out vendor's
 */
export async function findRenamedIcons(
  training: readonly Picture[],
  setAside: readonly Picture[],
): Promise<RenamedIcon[]> {
  const found: RenamedIcon[] = []
  const heldOut = new Map<Picture['collection'], { name: string; thumbnail: Thumbnail }[]>()
  const others = training.filter(isNamedOnly)
  for (const collection of new Set(others.map((picture) => picture.collection))) {
    const drawn = setAside.filter((picture) => picture.collection === collection)
    const known = []
    for (const picture of drawn) {
      known.push({ name: picture.name, thumbnail: await readThumbnail(picture) })
    }
    heldOut.set(collection, known)
  }
  for (const picture of others) {
    const own = await readThumbnail(picture)
    const same = heldOut.get(picture.collection)!.find((icon) => looksSame(own, icon.thumbnail))
    if (same !== undefined) found.push({ id: picture.id, concept: same.name })
  }
  return found
}

function isNamedOnly({ collection, concept, name }: Picture): boolean {
  return (collection === 'openmoji' || collection === 'flat-color-icons') && concept === name
}

async function readThumbnail({ image }: Picture): Promise<Thumbnail> {
  return toThumbnail(shrink(await decodeCutOut(image, renderedSize)))
}
