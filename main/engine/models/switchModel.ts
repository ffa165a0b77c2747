/** Makes another model the active one, without ever leaving the person with a library half searched. */
import { z } from 'zod'
import type { Settings } from '../../../shared/domain/settings.js'
import { decoderVersion } from '../../platform/images/imageLibrary.js'
import type { Model } from '../../storage/repositories/models.js'
import { adoptJobKind } from '../../tuning/adoptJob.js'
import type { OpenLibrary } from '../openLibrary.js'

/** A model that has seen so much of what the active one has seen takes over at once. */
const enough = 0.95

/** How a switch goes on: at once, with what is missing indexed behind it, or once all is indexed. */
export type SwitchPlan = 'at once' | 'index behind' | 'index first'

type Opened = Pick<OpenLibrary, 'database' | 'runner'>
type Device = Settings['device']

/** What switching to `row` takes. */
async function planSwitch({ database }: Pick<Opened, 'database'>, row: Model): Promise<SwitchPlan> {
  if ((await database.encodingQueue.count(row.id, decoderVersion)) === 0) return 'at once'
  const seen = await database.embeddings.count(row.id)
  const activeId = await database.settings.get('activeModelId')
  const isOther = activeId !== null && activeId !== row.id
  const seenByActive = isOther ? await database.embeddings.count(activeId) : 0
  return seen >= enough * seenByActive ? 'index behind' : 'index first'
}

export const adoptParams = ({ uid, name }: Model, device: Device) => ({ model: uid, name, device })

/**
 * Switches unless all photos have to be indexed first, by a job with `adoptParams`. A switch that waits
 * is given up. Tells what is left to do.
 */
export async function switchIfSeen(opened: Opened, row: Model): Promise<SwitchPlan> {
  await cancelSwitches(opened, row)
  const plan = await planSwitch(opened, row)
  if (plan !== 'index first') await opened.database.settings.set('activeModelId', row.id)
  return plan
}

/** The person has thought better of it: a switch that waits would undo their latest choice. */
async function cancelSwitches({ database, runner }: Opened, { uid }: Model): Promise<void> {
  const toOther = z.object({ model: z.string().refine((model) => model !== uid) })
  for (const { id, kind, state, params } of await database.jobs.list(1_000)) {
    const waits = ['queued', 'running', 'paused'].includes(state)
    if (kind === adoptJobKind && waits && toOther.safeParse(params).success) await runner.cancel(id)
  }
}
