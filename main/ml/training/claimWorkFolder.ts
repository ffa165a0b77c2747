/** Keeps a second trainer out of a work folder. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../../../shared/errors.js'
import { writeFileAtomically } from '../../platform/atomicFiles.js'

/** A trainer whose parent has died saves a checkpoint and ends; so long a new one waits for it. */
const patienceMs = 20_000

/**
 * Writes this process's id into the work folder once no living trainer's stands there. A trainer
 * that was killed leaves its id behind, which is no hindrance.
 *
 * @throws AppError RUN_LOCKED while another trainer works there
 */
export async function claimWorkFolder(workFolder: string): Promise<void> {
  const path = join(workFolder, 'trainer.pid')
  const deadline = performance.now() + patienceMs
  for (let owner = await readOwner(path); owner !== null; owner = await readOwner(path)) {
    if (performance.now() > deadline) throw new AppError('RUN_LOCKED', { path, pid: owner })
    await delay(100)
  }
  await writeFileAtomically(path, `${process.pid}\n`)
}

/** The id of the living process that claimed the folder; null if there is none. */
async function readOwner(path: string): Promise<number | null> {
  const pid = Number.parseInt(await readFile(path, 'utf8').catch(() => ''), 10)
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return null
  try {
    process.kill(pid, 0)
    return pid
  } catch {
    return null
  }
}
