/** The methods that are compared, from the quickest on. */
import type { TrainingChoices } from '../../main/tuning/trainingDefaults.js'

/** Choices by the name that the table gives them. Another case is one entry. */
export const methodCases: Readonly<Record<string, TrainingChoices>> = {
  quick: { method: 'quick' },
  'quick, head mlp': { method: 'quick', head: 'mlp' },
  deep: { method: 'deep' },
  'deep, rank 32, rate 0.001': { method: 'deep', rank: 32, lr: 1e-3 },
}
