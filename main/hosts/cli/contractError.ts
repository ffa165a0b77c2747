/** Errors of the contract as the command line knows errors. */
import { ORPCError } from '@orpc/client'
import { fromWireError } from '../../../shared/errors.js'

/** The engine's own error for one that came through the contract; any other error as it is. */
export function fromContractError(error: unknown): unknown {
  if (!(error instanceof ORPCError)) return error
  return fromWireError({ code: error.code, data: error.data, message: error.message })
}
