/** Words for what photos show: what the library's photos lie around, and what is asked for. */

// biome-ignore format: a list of words
const subjects = [
  'dog', 'cat', 'horse', 'boat', 'bridge', 'church', 'bicycle', 'train', 'flower', 'tree',
  'mountain', 'river', 'beach', 'castle', 'child', 'cake', 'car', 'bird', 'lamp', 'window',
]
// biome-ignore format: a list of words
const qualities = [
  'red', 'blue', 'white', 'old', 'small', 'large', 'wooden', 'bright', 'dark', 'lonely',
]
// biome-ignore format: a list of words
const places = [
  'in the snow', 'by the sea', 'at night', 'in a garden', 'under a bridge', 'on a street',
  'in the rain', 'at sunset', 'in the forest', 'on a hill',
]

/** 200 of them, such as "a dog by the sea". */
export function photographedThings(): string[] {
  return subjects.flatMap((subject) => places.map((place) => `a ${subject} ${place}`))
}

/**
 * Up to 2,000 queries, all different, such as "red dog at night"; the first ones differ in every
 * word.
 */
export function queries(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const subject = subjects[i % subjects.length]!
    const turn = Math.floor(i / subjects.length)
    const quality = qualities[(i + turn) % qualities.length]!
    const place = places[(i + 3 * turn + Math.floor(turn / qualities.length)) % places.length]!
    return `${quality} ${subject} ${place}`
  })
}
