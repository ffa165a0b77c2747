/** Keeps the neighbours that hard negatives are drawn from up to date with what is learned. */
import { z } from 'zod'
import type { NeighbourTable } from './neighbours.js'

/** A table that is in force from an epoch on, until the next one. */
interface MinedTable {
  readonly fromEpoch: number
  readonly table: NeighbourTable
}

export interface Miner {
  /** The table in force for an epoch; null before the first. */
  neighboursAt(epoch: number): NeighbourTable | null
  /** Mines anew where step `step` is the time for it, before its batch is asked for. */
  beforeStep(step: number, mine: () => Promise<NeighbourTable | null>): Promise<void>
  /** JSON for a checkpoint, from which a resumed run gets the same batches. */
  readonly state: unknown
  restore(state: unknown): void
}

/** Between two minings, as both finding neighbours and embedding everything take their time. */
const leastSteps = 100

const stateSchema = z.array(
  z.object({ fromEpoch: z.number().int(), perItem: z.number().int(), items: z.string() }),
)

/** @param ahead batches that are asked for before the step that they are for */
export function createMiner(batchesPerEpoch: number, ahead: number): Miner {
  const epochsBetween = Math.max(1, Math.ceil(leastSteps / batchesPerEpoch))
  let tables: MinedTable[] = []

  /** The epoch that is to be mined for before a step; null if none is. */
  function dueAt(step: number): number | null {
    if (step === 0) return 0
    const epoch = (step + ahead) / batchesPerEpoch
    return Number.isInteger(epoch) && epoch % epochsBetween === 0 ? epoch : null
  }

  return {
    neighboursAt: (epoch) => tables.findLast(({ fromEpoch }) => fromEpoch <= epoch)?.table ?? null,
    async beforeStep(step, mine) {
      const fromEpoch = dueAt(step)
      if (fromEpoch === null) return
      const table = await mine()
      // Batches of the epoch before may still be asked for, by a run that goes on.
      if (table !== null) tables = [...tables.slice(-1), { fromEpoch, table }]
    },
    get state() {
      return tables.map(({ fromEpoch, table: { perItem, items } }) => ({
        fromEpoch,
        perItem,
        items: Buffer.from(items.buffer, items.byteOffset, items.byteLength).toString('base64'),
      }))
    },
    restore(state) {
      tables = stateSchema.parse(state).map(({ fromEpoch, perItem, items }) => {
        const bytes = Uint8Array.from(Buffer.from(items, 'base64'))
        return { fromEpoch, table: { perItem, items: new Int32Array(bytes.buffer) } }
      })
    },
  }
}
