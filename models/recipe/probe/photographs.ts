/** Photographs that nothing is trained on, each with a caption written by looking at it. */

/** Where a photograph lies: a file of a package, or one inside a Qt resource file of a package. */
export interface ProbePhotograph {
  readonly package: 'gcompris-qt-data' | 'lomiri-wallpapers-16.04' | 'lomiri-wallpapers-20.04'
  /** The resource file that holds it, if one does. */
  readonly resource: string | null
  /** Path within the resource file, or the file's name. */
  readonly file: string
  readonly caption: string
}

type Captions = readonly (readonly [file: string, caption: string])[]

const animals: Captions = [
  ['alpaca', 'the head of a white alpaca'],
  ['bee', 'a bee flying to red flowers'],
  ['butterfly', 'a black and white butterfly on a blue flower'],
  ['calf', 'the face of a brown calf'],
  ['camels', 'two camels walking over dry land'],
  ['caterpillar', 'a green caterpillar on a stem'],
  ['chamaeleon', 'a green chameleon on a branch'],
  ['cheetah', 'a cheetah lying in dry grass'],
  ['crab', 'a red crab on the ground'],
  ['dolphin', 'a dolphin under water'],
  ['flying_fox', 'a flying bat with spread wings'],
  ['gibbon', 'a gibbon hanging in a tree'],
  ['giraffe', 'the long neck and head of a giraffe'],
  ['goat', 'a black and white goat in the mountains'],
  ['gorilla', 'a gorilla among green leaves'],
  ['gosling', 'a yellow gosling on grass'],
  ['heron', 'a heron in flight'],
  ['horse', 'a brown horse in front of mountains'],
  ['kingfisher', 'a kingfisher with blue and orange feathers on a branch'],
  ['kitten', 'a ginger kitten on a wooden box'],
  ['long_nosed_monkey', 'a monkey with a long nose'],
  ['macaque', 'a macaque looking to the side'],
  ['meerkats', 'three meerkats standing upright'],
  ['northern_harrier', 'a bird of prey gliding over a field'],
  ['nubian_ibex', 'a young ibex in the desert'],
  ['penguin', 'a penguin walking on grass'],
  ['pika', 'a small pika eating leaves on a rock'],
  ['red_panda', 'a red panda in a tree'],
  ['rhinoceros', 'a rhinoceros standing by a river'],
  ['spoonbills', 'two white spoonbills in the water'],
  ['squirrel', 'a squirrel climbing down a tree trunk'],
  ['swans', 'two swans with their young on dark water'],
  ['toucan', 'a toucan on a branch in the forest'],
]

const monuments: Captions = [
  ['egypt/bentPyramid', 'a pyramid in the desert'],
  ['egypt/greatPyramidOfGiza', 'a pyramid in the desert'],
  ['egypt/meidumPyramid', 'a ruined pyramid on a hill of sand'],
  ['egypt/redPyramid', 'a pyramid in the desert'],
  ['france/arlesAmphitheater', 'a roman amphitheater with arches'],
  ['france/chateaudeChambord', 'a large castle behind a lawn'],
  ['france/chateaudeChenonceau', 'a castle built over a river'],
  ['france/citedeCarcassonne', 'a medieval fortress with stone walls and towers'],
  ['france/eiffelTower', 'the eiffel tower'],
  ['france/montStMichel', 'an island with an abbey on top'],
  ['france/palaisdesPapes', 'a gothic palace of stone on a square'],
  ['france/pontduGard', 'a roman aqueduct over a river'],
  ['france/reimsCathedral', 'a gothic cathedral in the evening light'],
  ['france/rocamadour', 'a village on a cliff in a green valley'],
  ['germany/aulaPalatina', 'a large brick church with tall windows'],
  ['germany/berlinCathedral', 'a cathedral with green domes and people on the lawn'],
  ['germany/brandenburgGate', 'the brandenburg gate in the evening'],
  ['germany/neuschwansteinCastle', 'a white fairy tale castle in the forest'],
  ['germany/schwerinPalace', 'a palace by a lake behind a bare tree'],
  ['germany/trierImperialBaths', 'the ruins of a roman building on a lawn'],
  ['germany/wormsCathedral', 'a church of red stone with round towers'],
  ['india/ajantaCave', 'caves in a green hillside'],
  ['india/charminar', 'a mosque with four tall minarets'],
  ['india/gatewayofIndia', 'a large gate lit yellow at night with palm trees'],
  ['india/goldenTemple', 'a golden temple in a lake'],
  ['india/greatStupa', 'a round stone stupa in evening light'],
  ['india/hawaMahal', 'a pink palace with many windows'],
  ['india/konarkSunTemple', 'a ruined temple of carved stone'],
  ['india/mysorePalace', 'an indian palace with domes'],
  ['india/qutubMinar', 'a tall tower seen through an arch'],
  ['india/rangGhar', 'an old brick building with a curved roof'],
  ['india/victoriaMemorial', 'a white marble palace behind a lawn'],
  ['usa/cabrillo', 'the statue of a man in front of the sky'],
  ['usa/canyondeChelly', 'a river in a red canyon'],
  ['usa/castillodeSanMarcos', 'a star shaped fortress seen from the air'],
  ['usa/castleClinton', 'a black and white photo of a round fort in a city'],
  ['usa/fortSumter', 'the ruins of a fort with cannons by the sea'],
  ['usa/georgeWashingtonBirthplace', 'an old house with chimneys behind a bare tree'],
  ['usa/lincolnMemorial', 'a temple with columns lit at night'],
  ['usa/mountRushmore', 'four faces carved in a mountain'],
  ['usa/navajo', 'dwellings in a cliff of orange rock'],
  ['usa/statueofLiberty', 'the statue of liberty'],
  ['wonders/chichenItza', 'a stepped pyramid under clouds'],
  ['wonders/christTheRedeemer', 'a statue of christ on a mountain above a city by the sea'],
  ['wonders/colosseum', 'the colosseum in rome'],
  ['wonders/greatWallofChina', 'the great wall of china on green hills'],
  ['wonders/machuPicchu', 'the ruins of a city in the mountains'],
  ['wonders/petra', 'the front of a temple carved into rock'],
  ['wonders/tajMahal', 'the taj mahal'],
]

const buildings: Captions = [
  ['Chenonceau', 'a castle built over a river'],
  ['EgeskovSlotSpejling', 'a castle of red brick reflected in a lake'],
  ['EilanDonanCastle', 'a castle on an island in front of hills'],
  ['FanoeWindmill', 'a windmill'],
  ['GizahPyramids', 'several pyramids in the desert'],
  ['Louvre_2007_02_24_c', 'a glass pyramid in front of a palace at night'],
  ['NDP', 'a gothic church with two towers lit at night'],
  ['Nagoya', 'a japanese castle'],
  ['Neuschwanstein', 'a white fairy tale castle in the forest'],
  ['OperaSidney', 'an opera house by the harbour of a city at night'],
  ['TajMahal', 'the taj mahal'],
  ['TourEiffel', 'the eiffel tower'],
  ['TowerBridgeLondon', 'a bridge with two towers lit at night'],
]

const ubuntuTouch16: Captions = [
  ['Bridge_by_Sander_Klootwijk', 'a cable bridge over a beach under a blue sky'],
  ['Dragonfly_by_Bolly', 'a tree with green and brown leaves under a blue sky'],
  ['Picture_0B_by_freespace', 'half a fig in a red bowl'],
  ['Picture_1A_by_freespace', 'paint brushes with bright colours'],
  ['Wine_by_Jakkub_Mede', 'a wooden globe and a bottle of wine on a table'],
  ['aitzgorri_by_Aitzol_Berasategi', 'a green meadow and autumn trees below a mountain'],
  ['free_by_Peter_Nerlich', 'a lamp like a bird with wings'],
  ['friends_by_Aitzol_Berasategi', 'two dogs looking out over a wooden door'],
  ['greentock_by_Peter_Nerlich', 'the face of a clock with yellow marks'],
  ['life_by_Aitzol_Berasategi', 'a stream with a waterfall in the forest'],
  ['picosdeeuropa_by_Aitzol_Berasategi', 'a hiking path to rocky mountains'],
  ['seeding_by_Clements_Engelhardt', 'dandelion seeds in a meadow'],
  ['sunset_by_Aitzol_Berasategi', 'the sun setting behind hills'],
]

const ubuntuTouch20: Captions = [
  ['Infinite-Sea_by_Aury88', 'the milky way above the sea at night'],
  ['Kleiber_by_Lukas_Baubkus', 'a bird on the trunk of a tree in winter'],
]

/** Files of a package by itself, or of a resource file within gcompris. */
function listed(
  from: Pick<ProbePhotograph, 'package' | 'resource'>,
  path: (name: string) => string,
  captions: Captions,
): ProbePhotograph[] {
  return captions.map(([name, caption]) => ({ ...from, file: path(name), caption }))
}

const activity = (name: string) =>
  ({ package: 'gcompris-qt-data', resource: `${name}.rcc` }) as const
const inActivity = (name: string, folder: string, ending: string) => (file: string) =>
  `gcompris/src/activities/${name}/resource/${folder}${file}${ending}.webp`

export const probePhotographs: readonly ProbePhotograph[] = [
  ...listed(activity('erase'), inActivity('erase', '', ''), animals),
  ...listed(activity('explore_monuments'), inActivity('explore_monuments', '', ''), monuments),
  ...listed(activity('details'), inActivity('details', 'image/', '_background'), buildings),
  ...listed(
    { package: 'lomiri-wallpapers-16.04', resource: null },
    (name) => `usr/share/backgrounds/${name}.jpg`,
    ubuntuTouch16,
  ),
  ...listed(
    { package: 'lomiri-wallpapers-20.04', resource: null },
    (name) => `usr/share/backgrounds/${name}.jpg`,
    ubuntuTouch20,
  ),
]
