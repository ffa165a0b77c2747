/** What was held out of the starter's training, from the report that training left in the model. */
import { z } from 'zod'

const reportSchema = z.object({
  splitManifest: z.string(),
  pictures: z.number().int(),
  captions: z.number().int(),
  nearDuplicatesLeftOut: z.number().int(),
  /** As "collection/icon (concept)". */
  renamedIconsLeftOut: z.array(z.string()),
  heldOutConceptsByOtherHands: z.number().int(),
})

/**
 * Lines for the terminal; null where the report is of no such training.
 *
 * @param manifest of the split that is measured now; one of another training is told
 */
export function describeHeldOut(trainingReport: unknown, manifest: string): string | null {
  const { data } = reportSchema.safeParse(trainingReport)
  if (data === undefined) return null
  const icons = data.renamedIconsLeftOut
  return [
    ...(data.splitManifest === manifest
      ? []
      : ['NOTE: the model was trained on another split; its figures mean nothing here.']),
    `Trained on ${data.pictures} pictures with ${data.captions} captions. Left out:`,
    `- ${data.heldOutConceptsByOtherHands} pictures of held-out concepts by other hands`,
    `- ${data.nearDuplicatesLeftOut} pictures whose pixels are nearly those of a held-out one`,
    `- ${icons.length} icons that draw a held-out concept under another name: ${icons.join(', ')}`,
  ].join('\n')
}
