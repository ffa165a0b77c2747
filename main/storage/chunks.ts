/** Splits what is written or looked up, so that no statement grows without bound. */

/** Rows of one statement: well under every dialect's bound on parameters. */
const rowsPerStatement = 200

export function* chunks<T>(items: readonly T[], size = rowsPerStatement): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size)
}
