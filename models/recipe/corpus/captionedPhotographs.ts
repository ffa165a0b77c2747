/** Photographs of the fetched packages to train on, captioned by looking at each. */

export interface CaptionedPhotograph {
  readonly package: 'plasma-workspace-wallpapers' | 'mate-backgrounds' | 'python3-skimage'
  /** Path below the package's `usr`. */
  readonly file: string
  readonly caption: string
  /** More that is true of it, each a caption of its own. */
  readonly others: readonly string[]
  /** Where something stands that is put in front of it; null if it is no place. */
  readonly ground: string | null
}

const plasma = (
  name: string,
  caption: string,
  others: readonly string[],
  ground: string | null = null,
): CaptionedPhotograph => ({
  package: 'plasma-workspace-wallpapers',
  file: `share/wallpapers/${name}`,
  caption,
  others,
  ground,
})

const mate = (
  name: string,
  caption: string,
  others: readonly string[],
  ground: string | null = null,
): CaptionedPhotograph => ({
  package: 'mate-backgrounds',
  file: `share/backgrounds/mate/nature/${name}`,
  caption,
  others,
  ground,
})

const skimage = (
  name: string,
  caption: string,
  others: readonly string[],
): CaptionedPhotograph => ({
  package: 'python3-skimage',
  file: `lib/python3/dist-packages/skimage/data/${name}`,
  caption,
  others,
  ground: null,
})

export const captionedPhotographs: readonly CaptionedPhotograph[] = [
  plasma(
    'Autumn/contents/images/2560x1600.jpg',
    'a tree with red leaves and a small person in autumn',
    ['autumn', 'a tree in autumn', 'a painted tree', 'orange leaves'],
    'in front of an autumn tree',
  ),
  plasma(
    'BytheWater/contents/images/2560x1600.jpg',
    'a wooden jetty by a lake at sunset',
    ['water', 'a lake', 'a sunset over the water', 'wooden boards', 'evening by the water'],
    'by a lake',
  ),
  plasma(
    'ColdRipple/contents/images/2560x1600.jpg',
    'a black and white photo of a wooden pier in the fog',
    ['a pier', 'fog over the water', 'black and white', 'a jetty'],
    'on a pier',
  ),
  plasma('ColorfulCups/contents/images/2560x1600.jpg', 'many blue and red cups in rows', [
    'cups',
    'paper cups',
    'many cups',
  ]),
  plasma(
    'DarkestHour/contents/images/2560x1600.jpg',
    'a dark blue lake at night',
    ['night', 'a lake at night', 'darkness over the water'],
    'at night',
  ),
  plasma(
    'EveningGlow/contents/images/2560x1600.jpg',
    'wooden boats on the shore of a lake in front of mountains at sunset',
    ['boats', 'boats by the water', 'a sunset', 'mountains', 'rowing boats', 'clouds at sunset'],
    'on the shore of a lake',
  ),
  plasma(
    'FallenLeaf/contents/images/2560x1600.jpg',
    'fallen yellow leaves on the ground in autumn',
    ['autumn leaves', 'leaves', 'yellow leaves', 'autumn'],
    'on fallen leaves',
  ),
  plasma('Grey/contents/images/2560x1600.jpg', 'a modern building in black and white', [
    'architecture',
    'a facade',
    'black and white',
  ]),
  plasma(
    'Kite/contents/images/2560x1600.jpg',
    'a colourful kite in the blue sky with clouds',
    ['a kite', 'the sky', 'blue sky', 'clouds', 'something that flies'],
    'in the sky',
  ),
  plasma('OneStandsOut/contents/images/2560x1600.jpg', 'green moss with one orange tip', [
    'moss',
    'green plants',
    'plants',
  ]),
  plasma(
    'Path/contents/images/2560x1600.jpg',
    'a path through a dark green forest',
    ['a forest', 'trees', 'a path', 'woods', 'trees in a forest', 'nature'],
    'in a forest',
  ),
  plasma(
    'Volna/contents/images/5120x2880.jpg',
    'waves on a sandy beach from above',
    ['a beach', 'the sea', 'sand and water', 'waves'],
    'on a beach',
  ),
  plasma(
    'summer_1am/contents/images/2560x1600.jpg',
    'a calm lake under a purple sky in the evening',
    ['a lake', 'water and sky', 'a sunset', 'a landscape', 'evening'],
    'by a calm lake',
  ),
  mate('Aqua.jpg', 'a drop falling into water', ['water', 'a water drop', 'a splash']),
  mate('Blinds.jpg', 'a bright green leaf close up', ['a leaf', 'a green leaf', 'something green']),
  mate(
    'Dune.jpg',
    'dry grass on a dune by the sea',
    ['dry grass', 'a dune', 'the sea', 'the coast', 'blue sky'],
    'in dry grass',
  ),
  mate('FreshFlower.jpg', 'the petals of an orange flower close up', [
    'a flower',
    'an orange flower',
    'petals',
  ]),
  mate('Garden.jpg', 'a red and yellow flower in a garden', [
    'a flower',
    'a red flower',
    'a garden',
  ]),
  mate(
    'GreenMeadow.jpg',
    'green grass of a meadow',
    ['grass', 'green grass', 'a meadow', 'a lawn'],
    'on green grass',
  ),
  mate('LadyBird.jpg', 'a ladybird on a stem among blue flowers', [
    'a ladybug',
    'an insect',
    'blue flowers',
    'a beetle on a plant',
  ]),
  mate(
    'RainDrops.jpg',
    'rain drops on green leaves of grass',
    ['drops of water', 'wet grass', 'green leaves', 'rain'],
    'among green leaves',
  ),
  mate(
    'Storm.jpg',
    'dark storm clouds above a road',
    ['a storm', 'dark clouds', 'a road', 'bad weather', 'the sky'],
    'under dark clouds',
  ),
  mate('TwoWings.jpg', 'the seeds of a dandelion in front of orange flowers', [
    'a dandelion',
    'seeds of a plant',
    'orange flowers',
  ]),
  mate('YellowFlower.jpg', 'a yellow flower in front of a dark background', [
    'a flower',
    'a yellow flower',
    'yellow petals',
  ]),
  skimage('coffee.png', 'a cup of coffee with a spoon on a wooden table', [
    'coffee',
    'a cup of coffee',
    'a cup',
    'a drink',
    'a spoon',
  ]),
  skimage('astronaut.png', 'a smiling woman in an orange space suit', [
    'an astronaut',
    'a woman',
    'a person',
    'a portrait of a woman',
  ]),
  skimage('camera.png', 'a black and white photo of a man with a camera on a tripod', [
    'a photographer',
    'a man',
    'a camera',
    'black and white',
  ]),
  skimage('chelsea.png', 'the face of a ginger cat', [
    'a cat',
    'a cat close up',
    'an animal',
    'a pet',
  ]),
  skimage('motorcycle_left.png', 'a motorcycle in a garage', [
    'a motorcycle',
    'a motorbike',
    'a vehicle',
    'a workshop',
  ]),
  skimage('rocket.jpg', 'a rocket on its launch pad at night', [
    'a rocket',
    'a launch pad',
    'a rocket at night',
  ]),
  skimage('coins.png', 'old coins on a dark table in black and white', [
    'coins',
    'money',
    'many coins',
  ]),
  skimage('grass.png', 'grass in black and white', ['grass', 'black and white']),
  skimage('brick.png', 'a wall of bricks', ['a brick wall', 'bricks', 'a wall']),
  skimage('gravel.png', 'small stones of gravel', ['gravel', 'stones', 'pebbles']),
  skimage('moon.png', 'the craters of the moon', ['the moon', 'craters', 'space']),
  skimage('hubble_deep_field.jpg', 'galaxies and stars in dark space', [
    'galaxies',
    'stars',
    'space',
    'the night sky',
  ]),
]
