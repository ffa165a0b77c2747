/** Captions made of the names of a picture's file and folders. */
import { extname } from 'node:path'
import { wordsOfFolders, wordsOfName } from './wordsOfName.js'

/**
 * The file's words, and those with the nearest folder's as context; of a file without words the
 * folder's. `relativePath` has forward slashes; the folder chosen by the user is not part of it.
 */
export function captionsOfPath(relativePath: string): string[] {
  const folders = relativePath.split('/')
  const file = folders.pop() ?? ''
  const name = wordsOfName(file.slice(0, file.length - extname(file).length))
  const context = wordsOfFolders(folders)
  if (name === '') return context === '' ? [] : [context]
  if (context === '' || name.toLowerCase().includes(context.toLowerCase())) return [name]
  return [name, `${name}, ${context}`]
}
