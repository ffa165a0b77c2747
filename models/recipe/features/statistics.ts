/** Mean and spread of each feature channel, by which features are brought to one scale. */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'

const statisticsSchema = z.object({ mean: z.array(z.number()), std: z.array(z.number()) })

/** One number for each channel. */
export type FeatureStatistics = z.infer<typeof statisticsSchema>

export async function readStatistics(path: string): Promise<FeatureStatistics | null> {
  const text = await readFile(path, 'utf8').catch(() => null)
  return text === null ? null : statisticsSchema.parse(JSON.parse(text))
}

/** @param features rows of `channels` numbers */
export function measureStatistics(features: Float32Array, channels: number): FeatureStatistics {
  const rows = features.length / channels
  const sum = new Float64Array(channels)
  const squares = new Float64Array(channels)
  features.forEach((value, i) => {
    sum[i % channels]! += value
    squares[i % channels]! += value * value
  })
  const mean = [...sum].map((value) => value / rows)
  const std = [...squares].map((value, c) =>
    Math.sqrt(Math.max(value / rows - mean[c]! ** 2, 1e-8)),
  )
  return { mean, std }
}
