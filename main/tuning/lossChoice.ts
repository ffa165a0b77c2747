/** Makes the specification of a loss of the few things a user says about it. */
import {
  type LossName,
  type LossSpec,
  lossNames,
  lossOptionsOf,
  lossSpecSchema,
} from '../../shared/domain/losses.js'
import { AppError } from '../../shared/errors.js'

/** Which loss, and the options that it has; what is left out has the loss's own default. */
export interface LossChoices {
  readonly loss?: LossName | undefined
  readonly temperature?: number | undefined
  readonly margin?: number | undefined
  readonly mining?: Extract<LossSpec, { name: 'triplet' }>['mining'] | undefined
  readonly l2?: number | undefined
}

/** What an option of a choice is called in the loss's specification. */
export const lossOptionKeys = {
  temperature: 'temperature',
  margin: 'margin',
  mining: 'mining',
  l2: 'l2Weight',
} as const satisfies Partial<Record<keyof LossChoices, string>>

/** @throws AppError INVALID_ARGUMENT for an option that the loss does not have, or out of range */
export function chooseLoss(choices: LossChoices, fallback: LossName): LossSpec {
  const name = choices.loss ?? fallback
  const options: Record<string, unknown> = {}
  for (const [choice, key] of Object.entries(lossOptionKeys)) {
    const value = choices[choice as keyof typeof lossOptionKeys]
    if (value === undefined) continue
    if (!lossOptionsOf(name).includes(key)) refuseOption(choice, key, name)
    options[key] = value
  }
  const parsed = lossSpecSchema.safeParse({ name, ...options })
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const wrong = Object.entries(lossOptionKeys).find(([, key]) => key === issue.path[0])
  throw new AppError('INVALID_ARGUMENT', {
    argument: `--${wrong?.[0] ?? 'loss'}`,
    problem: issue.message,
  })
}

function refuseOption(choice: string, key: string, name: LossName): never {
  const takers = lossNames.filter((other) => lossOptionsOf(other).includes(key))
  throw new AppError('INVALID_ARGUMENT', {
    argument: `--${choice}`,
    problem: `the loss "${name}" has no such option; it is for ${takers.join(', ')}`,
  })
}
