/** Tells by its words whether a picture still means the same when left and right are swapped. */

/** Words of sides and turning, and of what is read. */
const oneSided = new RegExp(
  [
    'left|right|east|west|(counter|anti)?clockwise|clocks?|arrows?',
    'texts?|words?|letters?|writing|written|handwritten|digits?|numbers?|alphabet',
    'signs?|logos?|labels?|screenshots?|documents?|receipts?|newspapers?|posters?|maps?',
  ]
    .map((words) => `\\b(${words})\\b`)
    .join('|'),
  'i',
)

/** Whether none of the captions speaks of a side or of writing. */
export function mayMirror(captions: readonly string[]): boolean {
  return !captions.some((caption) => oneSided.test(caption))
}
