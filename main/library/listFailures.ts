/** What could not be read, one page at a time. */
import type { LibraryStatus } from '../../shared/domain/library.js'
import { fromPortablePath } from '../platform/paths.js'
import type { Repositories } from '../storage/repositories/index.js'

type List = Repositories['failures']['list']

/** Files by their paths on this machine. */
export async function listFailures(
  failures: { readonly list: List },
  ...which: Parameters<List>
): Promise<LibraryStatus['failed']> {
  return (await failures.list(...which)).map(({ rootPath, relativePath, reason }) => ({
    path: fromPortablePath(rootPath, relativePath),
    reason,
  }))
}
