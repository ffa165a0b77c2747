/** What every call of the contract shares: the errors it may end in. */
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { errorKinds } from '../errors.js'

type ErrorMap = {
  [C in keyof typeof errorKinds]: { data: (typeof errorKinds)[C]['data'] }
} & { DEFECT: { data: typeof defectSchema } }

/** A defect of the program: its words stay in the engine's log, under this id. */
const defectSchema = z.object({ id: z.string() })

const errors = {
  ...Object.fromEntries(Object.entries(errorKinds).map(([code, { data }]) => [code, { data }])),
  DEFECT: { data: defectSchema },
} as ErrorMap

export const call = oc.errors(errors)

/**
 * Names a folder or file that the host let the person choose. Clients never send a path: they
 * hold handles, which die with the engine.
 */
export const handleSchema = z.string().min(1).max(64)
