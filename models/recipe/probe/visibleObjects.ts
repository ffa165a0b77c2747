/** Things of COCO's 80 classes in the probe photographs, by caption, judged by looking at them. */

/** What a photograph is of, where that is one of the classes. */
export const shownPlainly: Readonly<Record<string, string>> = {
  'the face of a brown calf': 'cow',
  'the long neck and head of a giraffe': 'giraffe',
  'a yellow gosling on grass': 'bird',
  'a heron in flight': 'bird',
  'a brown horse in front of mountains': 'horse',
  'a kingfisher with blue and orange feathers on a branch': 'bird',
  'a ginger kitten on a wooden box': 'cat',
  'a bird of prey gliding over a field': 'bird',
  'a penguin walking on grass': 'bird',
  'two white spoonbills in the water': 'bird',
  'two swans with their young on dark water': 'bird',
  'a toucan on a branch in the forest': 'bird',
  'a wooden globe and a bottle of wine on a table': 'bottle',
  'two dogs looking out over a wooden door': 'dog',
  'the face of a clock with yellow marks': 'clock',
  'a bird on the trunk of a tree in winter': 'bird',
}

/** What is small in a photograph of something else; looked for only where the detector tells of it. */
const besides: Readonly<Record<string, readonly string[]>> = {
  'a roman amphitheater with arches': ['person'],
  'a gothic palace of stone on a square': ['person'],
  'a large brick church with tall windows': ['car'],
  'a cathedral with green domes and people on the lawn': ['person'],
  'the brandenburg gate in the evening': ['person'],
  'a church of red stone with round towers': ['person'],
  'a large gate lit yellow at night with palm trees': ['person'],
  'an indian palace with domes': ['person'],
  'a black and white photo of a round fort in a city': ['person'],
  'a stepped pyramid under clouds': ['person'],
  'the colosseum in rome': ['person'],
  'a glass pyramid in front of a palace at night': ['person'],
}

export function isVisible(caption: string, name: string): boolean {
  return shownPlainly[caption] === name || (besides[caption] ?? []).includes(name)
}
