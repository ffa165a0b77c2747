/** Why a running job's signal was aborted. */

export type InterruptionReason = 'pause' | 'cancel' | 'shutdown'

export class JobInterruption extends Error {
  override readonly name = 'JobInterruption'
  readonly reason: InterruptionReason

  constructor(reason: InterruptionReason) {
    super(`the job was interrupted (${reason})`)
    this.reason = reason
  }
}
