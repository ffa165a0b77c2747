/** Where the recipe keeps its downloads and intermediate results; nothing of it is committed. */
import { join } from 'node:path'
import { projectRoot } from '../../main/platform/entries.js'

export const dataFolder = join(projectRoot, '.data')
/** Unpacked packages, one folder each; see `sourceFolder`. */
export const packagesFolder = join(dataFolder, 'packages')
/** Precomputed features and what else the recipe can make again. */
export const workFolder = join(dataFolder, 'work')
export const starterFolder = join(projectRoot, 'models', 'starter')

/** The folder that the package `name` is unpacked into. */
export function sourceFolder(name: string): string {
  return join(packagesFolder, name.replace('/', '+'))
}
