/** Real photographs that come with development packages: paths of five JPEG files. */
import { join } from 'node:path'
import { projectRoot } from '../../main/platform/entries.js'

const names = [
  'airplane-from-above',
  'allium-oreophilum',
  'french-alpine-landscape',
  'locomotion-house-cat',
  'nagasaki-boats',
]

export const photographs: readonly [string, ...string[]] = names.map((name) =>
  join(projectRoot, 'node_modules/@stdlib', `datasets-img-${name}`, 'data/image.jpg'),
) as [string, ...string[]]
