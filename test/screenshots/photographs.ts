/** Freely licensed photographs for the project's front page, fetched when they are wanted. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { fetchSource } from '../../models/recipe/fetch/fetchSource.js'
import type { Source } from '../../models/recipe/fetch/sources.js'
import { sourceFolder } from '../../models/recipe/folders.js'

const sources: readonly Source[] = [
  {
    kind: 'debian',
    name: 'lomiri-wallpapers-16.04',
    version: '20.04.0-2',
    sha256: 'a99ff6a3bfe451e4cc0682ecb3cc82e71740626d59e4845ae34a0a0e45421eab',
    use: 'photographs for screenshots',
    licence: 'CC-BY-4.0, CC-BY-SA-4.0',
  },
  {
    kind: 'debian',
    name: 'mate-backgrounds',
    version: '1.26.0-1',
    sha256: '7bf4c2209f34b4f61ba6d24c8b58c28b361e82e4b943aae6d42c030169af9e04',
    use: 'photographs for screenshots',
    licence: 'GPL-2+, CC-BY-SA-4.0',
  },
  {
    kind: 'debian',
    name: 'plasma-workspace-wallpapers',
    version: '4:5.27.5-2',
    sha256: '32cd18b71c8c938a18b3b351f217c02ac590e323caa3cf322fbb875ce8892f8b',
    use: 'photographs for screenshots',
    licence: 'CC-BY-SA-4.0, LGPL-3',
  },
]

const lomiri = (name: string) =>
  join(sourceFolder('lomiri-wallpapers-16.04'), 'usr/share/backgrounds', `${name}.jpg`)
const mate = (name: string) =>
  join(sourceFolder('mate-backgrounds'), 'usr/share/backgrounds/mate/nature', `${name}.jpg`)
const plasma = (name: string) =>
  join(
    sourceFolder('plasma-workspace-wallpapers'),
    'usr/share/wallpapers',
    name,
    'contents/images/2560x1600.jpg',
  )

/** Album, day, name as a person would give it, picture, and the part of it that is kept. */
type Entry = readonly [string, string, string, string, ('whole' | 'square' | 'upright')?]

const entries: readonly Entry[] = [
  ['Autumn', '2025-10-19', 'maple leaves', plasma('FallenLeaf')],
  ['Autumn', '2025-10-19', 'forest path', plasma('Path'), 'upright'],
  ['Autumn', '2025-10-18', 'meadow below the mountains', lomiri('aitzgorri_by_Aitzol_Berasategi')],
  ['Autumn', '2025-10-11', 'oak leaves', lomiri('Dragonfly_by_Bolly'), 'square'],
  ['Lake', '2025-08-24', 'boats at dusk', plasma('EveningGlow')],
  ['Lake', '2025-08-24', 'jetty', plasma('BytheWater')],
  ['Lake', '2025-08-23', 'cold ripples', plasma('ColdRipple'), 'square'],
  ['Lake', '2025-08-23', 'kite', plasma('Kite')],
  ['Mountains', '2025-07-13', 'picos de europa', lomiri('picosdeeuropa_by_Aitzol_Berasategi')],
  ['Mountains', '2025-07-13', 'stream', lomiri('life_by_Aitzol_Berasategi'), 'upright'],
  ['Mountains', '2025-07-12', 'sunset on the ridge', lomiri('sunset_by_Aitzol_Berasategi')],
  ['Mountains', '2025-07-12', 'storm coming', mate('Storm')],
  ['Home', '2025-07-02', 'dogs at the fence', lomiri('friends_by_Aitzol_Berasategi')],
  ['Home', '2025-06-21', 'figs', lomiri('Picture_0B_by_freespace'), 'square'],
  ['Home', '2025-06-20', 'paint brushes', lomiri('Picture_1A_by_freespace')],
  ['Home', '2025-06-14', 'drum and wine', lomiri('Wine_by_Jakkub_Mede')],
  ['Home', '2025-06-08', 'clock', lomiri('greentock_by_Peter_Nerlich'), 'square'],
  ['Garden', '2025-05-25', 'dandelions', lomiri('seeding_by_Clements_Engelhardt')],
  ['Garden', '2025-05-25', 'ladybird', mate('LadyBird')],
  ['Garden', '2025-05-24', 'marigold', mate('Garden'), 'square'],
  ['Garden', '2025-05-24', 'yellow flower', mate('YellowFlower')],
  ['Garden', '2025-05-23', 'fresh flower', mate('FreshFlower')],
  ['Garden', '2025-05-22', 'rain on leaves', mate('RainDrops'), 'upright'],
  ['Garden', '2025-05-21', 'new grass', mate('GreenMeadow')],
  ['Garden', '2025-05-20', 'butterfly', mate('TwoWings')],
  ['City', '2025-04-12', 'concert hall', plasma('Grey')],
  ['City', '2025-04-12', 'bridge', lomiri('Bridge_by_Sander_Klootwijk')],
  ['City', '2025-04-05', 'cups', plasma('ColorfulCups'), 'square'],
  ['City', '2025-04-05', 'one stands out', plasma('OneStandsOut')],
  ['Sea', '2025-03-16', 'water drop', mate('Aqua')],
  ['Sea', '2025-03-15', 'dune', mate('Dune')],
  ['Sea', '2025-03-15', 'old wood', mate('Wood'), 'upright'],
]

/** Writes the collection below `folder`, in albums, fetching its packages first if need be. */
export async function writePhotographs(folder: string): Promise<void> {
  for (const source of sources) await fetchSource(source)
  for (const [album, day, name, from, part = 'whole'] of entries) {
    await mkdir(join(folder, album), { recursive: true })
    const picture = sharp(from).rotate()
    const size =
      part === 'whole' ? { width: 1600 } : { width: 1000, height: part === 'square' ? 1000 : 1500 }
    await picture
      .resize({ ...size, fit: 'cover' })
      .jpeg({ quality: 88 })
      .toFile(join(folder, album, `${day} ${name}.jpg`))
  }
}
