/** `npm run check:pack`: what would be packed, what it weighs, whether it belongs there, and the fuses. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { projectRoot } from '../../../platform/entries.js'
import { findProblems } from './findProblems.js'
import { findWrongFuses } from './fuses.js'
import { listPackedFiles, type PackedFile } from './packedFiles.js'
import { packWithoutElectron } from './packWithoutElectron.js'
import { runPacked } from './runPacked.js'

const packageSchema = z.object({ devDependencies: z.record(z.string(), z.string()) })

const folder = await mkdtemp(join(tmpdir(), 'semblance-pack-'))
try {
  const packed = await packWithoutElectron(join(folder, 'archive'), { asar: true })
  const files = await listPackedFiles(join(packed.resources, 'app.asar'))
  console.log(`\n${describeParts(files)}\n`)
  const manifest = packageSchema.parse(
    JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')),
  )
  const problems = [
    ...findProblems(files, Object.keys(manifest.devDependencies)),
    ...findWrongFuses(await readFile(packed.executable)),
  ]
  if (problems.length === 0) {
    const plain = await packWithoutElectron(join(folder, 'plain'), { asar: false })
    problems.push(...runPacked(join(plain.resources, 'app'), join(folder, 'library')))
  }
  for (const problem of problems) console.error(`problem: ${problem}`)
  console.log(problems.length === 0 ? 'The packed app is whole, and it runs.' : 'Not fit to ship.')
  process.exitCode = problems.length === 0 ? 0 : 1
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** One line for each part, the heaviest first; packages of less than a megabyte together. */
function describeParts(files: readonly PackedFile[]): string {
  const sizes = new Map<string, number>()
  for (const file of files) add(partOf(file), file.sizeBytes)
  for (const [part, size] of [...sizes]) {
    if (size >= 1_000_000 || !part.startsWith('node_modules/')) continue
    sizes.delete(part)
    add('other packages', size)
  }
  const rows = [...sizes].sort(([, a], [, b]) => b - a)
  const total = files.reduce((sum, file) => sum + file.sizeBytes, 0)
  return [...rows, [`total, ${files.length} files`, total] as const]
    .map(([part, size]) => `${(size / 1e6).toFixed(1).padStart(8)} MB  ${part}`)
    .join('\n')

  function add(part: string, size: number): void {
    sizes.set(part, (sizes.get(part) ?? 0) + size)
  }
}

function partOf({ path, unpacked }: PackedFile): string {
  const [part] = path.match(/^(node_modules\/(@[^/]+\/)?[^/]+|(dist|models)\/[^/]+|[^/]+)/) ?? [
    path,
  ]
  return unpacked ? `${part} (outside the archive)` : part
}
