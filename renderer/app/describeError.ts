/** What a failed call means to the person. */
import { isDefinedError, ORPCError } from '@orpc/client'
import { type ErrorCode, errorKinds } from '../../shared/errors.js'
import { text } from '../text/text.js'

/** The message of an error of the table; a defect is told by its id. */
export function describeError(error: unknown): string {
  if (!(error instanceof ORPCError)) return text.app.unreachable
  const known = errorKinds[error.code as ErrorCode]
  if (known) {
    const data = known.data.safeParse(error.data)
    if (data.success) return (known.message as (data: unknown) => string)(data.data)
  }
  const defect = isDefinedError(error) ? (error.data as { id?: string }).id : undefined
  return text.app.defect(defect ?? error.code)
}
