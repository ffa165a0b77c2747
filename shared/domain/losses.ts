/** The losses that a training run may minimise, each with its options. */
import { z } from 'zod'

/** What cosines are divided by. */
const temperature = z.number().positive().max(10)
/** A learned temperature begins here; null: where the model trained from left it. */
const startTemperature = temperature.nullable().default(null)
/** How much more alike than its negatives a pair should be, as a cosine. */
const margin = z.number().positive().max(2)

export const tripletMinings = ['all', 'hard', 'semi-hard', 'max-of-hinges'] as const

const lossSchemas = [
  z.strictObject({ name: z.literal('multi-positive'), temperature: startTemperature }),
  z.strictObject({ name: z.literal('infonce'), temperature: startTemperature }),
  z.strictObject({ name: z.literal('logistic'), temperature: startTemperature }),
  z.strictObject({ name: z.literal('supcon'), temperature: temperature.default(0.1) }),
  z.strictObject({ name: z.literal('nt-xent'), temperature: temperature.default(0.2) }),
  z.strictObject({ name: z.literal('gmc'), temperature: temperature.default(0.1) }),
  z.strictObject({
    name: z.literal('triplet'),
    margin: margin.default(0.2),
    mining: z.enum(tripletMinings).default('all'),
  }),
  z.strictObject({ name: z.literal('contrastive'), margin: margin.default(0.5) }),
  z.strictObject({
    name: z.literal('n-pair'),
    /** Weight of the mean squared length of the embeddings. */
    l2Weight: z.number().min(0).default(0.002),
  }),
] as const

/** A loss with its options. Runs of earlier versions wrote its name alone. */
export const lossSpecSchema = z.preprocess(
  (value) => (typeof value === 'string' ? { name: value } : value),
  z.discriminatedUnion('name', lossSchemas),
)
export type LossSpec = z.infer<typeof lossSpecSchema>
export type LossName = LossSpec['name']

export const lossNames: readonly LossName[] = lossSchemas.map(({ shape }) => shape.name.value)

/** Names of the options that the loss has. */
export function lossOptionsOf(name: LossName): readonly string[] {
  const schema = lossSchemas.find(({ shape }) => shape.name.value === name)!
  return Object.keys(schema.shape).filter((key) => key !== 'name')
}
