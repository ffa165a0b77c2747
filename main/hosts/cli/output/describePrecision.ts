/** Tells in what precision a model searches, and what was measured to decide it. */
import type { PrecisionMeasure } from '../../../../shared/domain/precision.js'

export interface DescribedPrecision {
  readonly measured: PrecisionMeasure | null
  /** Why full precision is kept. */
  readonly reason: string | null
}

/** Sentences, one a line; none where nothing was measured. */
export function describePrecision({ measured, reason }: DescribedPrecision): string[] {
  const lines: string[] = []
  if (measured !== null) {
    lines.push(
      `With 8 bits: ${measured.recallLoss.toFixed(2)} points of recall lost in ${measured.queries} searches, ` +
        `${measured.imageSpeedUp.toFixed(1)} times as fast for pictures, ${measured.textSpeedUp.toFixed(1)} for texts.`,
    )
  }
  if (reason !== null) lines.push(`Full precision is kept: ${reason}.`)
  return lines
}
