/** Conditions on rows of `photos`, and what several of them have in common. */

/** SQL that is true of a row of `photos`. */
export interface Condition {
  readonly sql: string
  readonly bindings: readonly (string | number)[]
}

const foldersOfFile = `rtrim(files.relativePath, replace(files.relativePath, '/', ''))`

export const fileName = `substr(files.relativePath, length(${foldersOfFile}) + 1)`
const rootPath = `'/' || replace(roots.path, '\\', '/') || '/'`

export const isPresent = `files.photoId = photos.id AND files.state = 'present'`

/** Whether some present file of the photo, with its root, meets `condition`. */
export function someFile(condition: Condition): Condition {
  const sql = `EXISTS (SELECT 1 FROM files JOIN roots ON roots.id = files.rootId
    WHERE ${isPresent} AND ${condition.sql})`
  return { ...condition, sql }
}

/** @param pattern where `*` stands for anything */
export function isLike(expression: string, pattern: string): Condition {
  const variants = caseVariants(pattern).map((text) =>
    text.replace(/[\\%_]/g, '\\$&').replaceAll('*', '%'),
  )
  const sql = variants.map(() => `${expression} LIKE ? ESCAPE '\\'`).join(' OR ')
  return { sql: `(${sql})`, bindings: variants }
}

/** SQLite takes capital and small letters for the same in ASCII only. */
function caseVariants(text: string): string[] {
  const capital = text.toLowerCase().replace(/\p{L}+/gu, capitalize)
  const variants = [text, text.toLowerCase(), text.toUpperCase(), capital]
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII
  return /^[\x00-\x7f]*$/.test(text) ? [text] : [...new Set(variants)]
}

function capitalize(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1)
}

/*
 * [Note: a glance first]
 * Taking a path apart costs SQLite far more than looking for a text in it. So a condition on a part
 * of the path first asks whether the text stands anywhere in it, which rules most paths out.
 */

/** Whether some file of the photo has a name like this. */
export function hasFileNamed(pattern: string): Condition {
  return someFile(isNamed(pattern))
}

/** The same of a row of `files`. */
export function isNamed(pattern: string): Condition {
  return both(isLike('files.relativePath', pattern), isLike(fileName, pattern))
}

/** Whether some file lies in a folder whose path is like this, with a slash on either side of each name. */
export function liesInFolder(pattern: string): Condition {
  const glance = isLike(`${rootPath} || files.relativePath`, pattern)
  return someFile(both(glance, isLike(`${rootPath} || ${foldersOfFile}`, pattern)))
}

function both(first: Condition, second: Condition): Condition {
  return {
    sql: `${first.sql} AND ${second.sql}`,
    bindings: [...first.bindings, ...second.bindings],
  }
}
