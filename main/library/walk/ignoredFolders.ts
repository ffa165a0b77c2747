/** Folders that hold no photos of the user's own: hidden ones, and those of systems and tools. */

const ignoredNames = new Set([
  'node_modules',
  '@eadir',
  '#recycle',
  '#snapshot',
  '$recycle.bin',
  'system volume information',
  'lost+found',
  '__macosx',
])

export function isIgnoredFolder(name: string): boolean {
  return name.startsWith('.') || ignoredNames.has(name.toLowerCase())
}
