/** The methods that are compared, each with the one before it. */
import type { TrainingChoices } from '../../main/tuning/trainingDefaults.js'

/** Choices by the name that the table gives them. Another case is one entry. */
export const methodCases: Readonly<Record<string, TrainingChoices>> = {
  'quick, head mlp': { method: 'quick', head: 'mlp' },
  quick: { method: 'quick' },
  deep: { method: 'deep' },
}
