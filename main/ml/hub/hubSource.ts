/** What is downloaded: a model of the catalogue, or any repository in the same layout. */
import type { CatalogueEntry, CatalogueFile } from '../../../shared/domain/catalogue.js'
import type { FileSeal } from '../clip/modelDirectory/semblanceFile.js'
import { exportFiles } from './catalogue/companions.js'
import { catalogue } from './catalogue/table.js'
import type { DownloadPlan } from './downloadPlan.js'

export interface HubSource {
  /** The catalogue's id, or the repository's name. */
  readonly id: string
  readonly title: string
  readonly repository: string
  readonly revision: string | null
  readonly files: readonly CatalogueFile[]
  readonly licence: string | null
  /** Null where config.json is to be believed. */
  readonly dims: Pick<CatalogueEntry, 'embeddingDim' | 'contextLength'> | null
}

/** The source of a name; null if it is neither in the catalogue nor `owner/name`. */
export function findSource(name: string): HubSource | null {
  const entry = catalogue.find(({ id, repository }) => id === name || repository === name)
  if (entry !== undefined) {
    const { embeddingDim, contextLength, licence } = entry
    return { ...entry, licence: licence.name, dims: { embeddingDim, contextLength } }
  }
  if (!/^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/.test(name)) return null
  return {
    id: name,
    title: name.slice(name.indexOf('/') + 1),
    repository: name,
    revision: null,
    files: exportFiles(),
    licence: null,
    dims: null,
  }
}

// [Note: trust on first use]
// Where the catalogue knows neither commit nor checksum of a file, what came with the first download
// is kept, and a later download of the same source has to bring the same.

export interface HubRecord {
  readonly revision: string | null
  readonly files: Readonly<Record<string, FileSeal>>
}

/** The source held to what an earlier download of it brought. */
export function holdTo(source: HubSource, record: HubRecord | undefined): HubSource {
  if (record === undefined) return source
  return {
    ...source,
    revision: source.revision ?? record.revision,
    files: source.files.map((file) => {
      const known = record.files[file.path]
      const { sizeBytes = null, sha256 = null } = known ?? {}
      return { ...file, sizeBytes: file.sizeBytes ?? sizeBytes, sha256: file.sha256 ?? sha256 }
    }),
  }
}

/** What to keep of a finished download. */
export function recordOf(
  { revision, files: planned }: DownloadPlan,
  files: HubRecord['files'],
): HubRecord {
  const paths = planned.map(({ path }) => path).filter((path) => path in files)
  return { revision, files: Object.fromEntries(paths.map((path) => [path, files[path]!])) }
}
