/** What people call the things that image encoders find: synonyms, kinds, plurals. In English, as the classes are. */

/** Other words for a class, by the class. Words that mean other things as well are left out. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  person: ['man', 'woman', 'child', 'boy', 'girl', 'kid', 'human', 'somebody', 'someone'],
  bicycle: ['bike'],
  motorcycle: ['motorbike', 'moped'],
  airplane: ['plane', 'aeroplane', 'aircraft', 'airliner'],
  train: ['locomotive'],
  truck: ['lorry'],
  boat: ['ship', 'sailboat', 'sailing boat'],
  'traffic light': ['stoplight'],
  bird: ['seagull', 'duck', 'pigeon', 'swan'],
  cat: ['kitten', 'kitty'],
  dog: ['puppy', 'doggy'],
  horse: ['pony', 'foal'],
  sheep: ['lamb'],
  cow: ['bull', 'calf', 'cattle'],
  backpack: ['rucksack'],
  umbrella: ['parasol'],
  handbag: ['purse'],
  tie: ['necktie'],
  suitcase: ['luggage'],
  'sports ball': ['ball', 'football', 'basketball'],
  'tennis racket': ['racket', 'racquet'],
  'hot dog': ['hotdog'],
  donut: ['doughnut'],
  couch: ['sofa'],
  'potted plant': ['houseplant', 'pot plant'],
  'dining table': ['table'],
  tv: ['television'],
  remote: ['remote control'],
  'cell phone': ['phone', 'mobile phone', 'smartphone'],
  refrigerator: ['fridge'],
  'teddy bear': ['teddy'],
  'hair drier': ['hair dryer', 'hairdryer'],
}

/** Kinds of things, by the classes that are of that kind. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  animal: [
    ...['bird', 'cat', 'dog', 'horse', 'sheep', 'cow', 'elephant', 'bear', 'zebra', 'giraffe'],
  ],
  pet: ['cat', 'dog'],
  vehicle: ['bicycle', 'car', 'motorcycle', 'airplane', 'bus', 'train', 'truck', 'boat'],
  fruit: ['banana', 'apple', 'orange'],
  furniture: ['chair', 'couch', 'bed', 'dining table', 'bench'],
}

/** Plurals that no rule makes, by their last word. */
const plurals: Readonly<Record<string, string>> = {
  person: 'people',
  man: 'men',
  woman: 'women',
  child: 'children',
  sheep: 'sheep',
  cattle: 'cattle',
  aircraft: 'aircraft',
  luggage: 'luggage',
  skis: 'skis',
  scissors: 'scissors',
  broccoli: 'broccoli',
  knife: 'knives',
  calf: 'calves',
  mouse: 'mice',
  bus: 'buses',
  somebody: 'somebody',
  someone: 'someone',
}

/** More than one of a thing: "dogs", "wine glasses". */
export function pluralOf(name: string): string {
  const [, before = '', last = ''] = /^(.* )?(.*)$/.exec(name) ?? []
  return before + pluralOfWord(last)
}

function pluralOfWord(word: string): string {
  if (Object.hasOwn(plurals, word)) return plurals[word]!
  if (/(s|x|ch|sh)$/.test(word)) return `${word}es`
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`
}

/** Classes by each word for them, singular and plural. */
const classesByWord: ReadonlyMap<string, readonly string[]> = new Map(
  [
    ...Object.entries(kinds),
    ...Object.entries(synonyms).flatMap(([name, others]) =>
      [name, ...others].map((word) => [word, [name]] as const),
    ),
    ...Object.values(kinds).flatMap((names) => names.map((name) => [name, [name]] as const)),
  ].flatMap(([word, names]) => [[word, names] as const, [pluralOf(word), names] as const]),
)

/**
 * The classes that a word may mean. A word that is not known here may be a class of some model all the
 * same, or the plural of one.
 */
export function classesOf(word: string): readonly string[] {
  const text = word.trim().toLowerCase().replace(/\s+/g, ' ')
  return classesByWord.get(text) ?? [...new Set([text, ...singularsOf(text)])]
}

/** What a text may be the plural of. */
function singularsOf(text: string): string[] {
  const irregular = Object.entries(plurals).flatMap(([one, many]) =>
    text === many || text.endsWith(` ${many}`) ? [text.slice(0, -many.length) + one] : [],
  )
  const regular = [/s$/, /es$/].filter((end) => end.test(text)).map((end) => text.replace(end, ''))
  const inY = /ies$/.test(text) ? [text.replace(/ies$/, 'y')] : []
  return [...irregular, ...regular, ...inY].filter((one) => pluralOf(one) === text)
}

/** "2 dogs", "1 person". */
export function countOfObjects(name: string, count: number): string {
  return `${count} ${count === 1 ? name : pluralOf(name)}`
}

/** "2 dogs, 1 person": each class with how often it is there, in the order in which they come. */
export function countObjects(
  objects: readonly { readonly name: string }[],
): { name: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const { name } of objects) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].map(([name, count]) => ({ name, count }))
}
