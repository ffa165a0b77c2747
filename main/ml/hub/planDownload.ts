/** Asks the hub which files a model of the catalogue has now, before any is fetched. */
import type { CatalogueFile } from '../../../shared/domain/catalogue.js'
import { AppError, isAppError } from '../../../shared/errors.js'
import { mapBounded } from '../../platform/mapBounded.js'
import type { Web } from '../../platform/net/web.js'
import type { DownloadPlan, PlannedFile } from './downloadPlan.js'
import type { HubSource } from './hubSource.js'
import { type Patience, requireGiven, retrying } from './retrying.js'

export interface HubAccess {
  readonly web: Web
  /** Such as `https://huggingface.co`, without a slash at its end. */
  readonly endpoint: string
  readonly patience: Patience
  readonly signal: AbortSignal
}

const asked = 4

/** The address of a file, as every hub and mirror has it. */
export function addressOf(
  endpoint: string,
  repository: string,
  revision: string | null,
  path: string,
): string {
  return `${endpoint}/${repository}/resolve/${revision ?? 'main'}/${path}`
}

/**
 * Pins the revision by the first file, and asks for the others at that commit.
 *
 * @throws AppError HUB_UNREACHABLE, HUB_REFUSED; DOWNLOAD_ALTERED if the hub has another file than
 *   the catalogue, or than an earlier download brought
 */
export async function planDownload(hub: HubAccess, source: HubSource): Promise<DownloadPlan> {
  const [first, ...others] = source.files
  const { file, commit } = await askFor(hub, source, first!, source.revision)
  const revision = source.revision ?? commit
  const rest = await mapBounded(others, asked, (other) => askFor(hub, source, other, revision))
  const files = [file, ...rest.map((answer) => answer.file)].filter((found) => found !== null)
  return { revision, files }
}

async function askFor(
  { web, endpoint, patience, signal }: HubAccess,
  { repository }: HubSource,
  { path, sizeBytes, sha256, optional }: CatalogueFile,
  revision: string | null,
): Promise<{ file: PlannedFile | null; commit: string | null }> {
  const address = addressOf(endpoint, repository, revision, path)
  try {
    const headers = await retrying(address, patience, signal, async () => {
      const answer = await web.ask('HEAD', address, { signal })
      requireGiven(answer, address)
      answer.discard()
      return answer.headers
    })
    const told = tellsOf(headers)
    if (sha256 !== null && told.check?.kind === 'sha256' && told.check.digest !== sha256) {
      const { digest: found } = told.check
      throw new AppError('DOWNLOAD_ALTERED', { file: address, expected: sha256, found })
    }
    return {
      file: {
        path,
        sizeBytes: sizeBytes ?? told.sizeBytes,
        check: sha256 === null ? told.check : { kind: 'sha256', digest: sha256 },
      },
      commit: told.commit,
    }
  } catch (error) {
    const isMissing = isAppError(error, 'HUB_REFUSED') && error.data.status === 404
    if (optional && isMissing) return { file: null, commit: null }
    throw error
  }
}

/** Large files have their sha256 and size in headers of their own; small ones an ETag of git's. */
function tellsOf(headers: Readonly<Record<string, string>>) {
  const etag = (headers['x-linked-etag'] ?? headers.etag ?? '').replace(/^W\/|"/g, '')
  const size = Number(headers['x-linked-size'] ?? headers['content-length'] ?? Number.NaN)
  const commit = headers['x-repo-commit'] ?? ''
  return {
    commit: /^[0-9a-f]{40}$/.test(commit) ? commit : null,
    sizeBytes: Number.isSafeInteger(size) && size >= 0 ? size : null,
    check: checkOf(etag),
  }
}

function checkOf(etag: string): PlannedFile['check'] {
  if (/^[0-9a-f]{64}$/.test(etag)) return { kind: 'sha256', digest: etag }
  return /^[0-9a-f]{40}$/.test(etag) ? { kind: 'git', digest: etag } : null
}
