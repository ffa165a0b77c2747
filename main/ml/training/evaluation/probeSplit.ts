/** Splits labelled pictures for the linear probe, linked ones together and labels evenly. */
import { createRandom, shuffledIndices } from '../random.js'
import type { Labelled } from './labelled.js'

/** Numbers of labelled pictures. */
export interface ProbeSplit {
  readonly train: readonly number[]
  readonly validation: readonly number[]
  readonly test: readonly number[]
}

const shares = { test: 0.3, validation: 0.2 } as const
/** The same pictures are always split alike. */
const seed = 29

/**
 * Groups of linked pictures in random order, each given to the first part that wants more of the
 * group's first label. Pictures whose label is in no training part are in none.
 */
export function splitForProbe({
  truth,
  clusters,
}: Pick<Labelled, 'truth' | 'clusters'>): ProbeSplit {
  const members = membersOf(clusters)
  const total = countBy(truth)
  const taken = { test: new Map<number, number>(), validation: new Map<number, number>() }
  const parts = { train: [] as number[], validation: [] as number[], test: [] as number[] }
  for (const at of shuffledIndices(members.length, createRandom(seed))) {
    const group = members[at]!
    const label = truth[group[0]!]!
    const part = (['test', 'validation'] as const).find((one) => {
      const known = taken[one].get(label) ?? 0
      return known + group.length <= Math.round(shares[one] * total.get(label)!)
    })
    if (part) taken[part].set(label, (taken[part].get(label) ?? 0) + group.length)
    parts[part ?? 'train'].push(...group)
  }
  const trained = new Set(parts.train.map((i) => truth[i]!))
  const known = (i: number) => trained.has(truth[i]!)
  return { ...parts, validation: parts.validation.filter(known), test: parts.test.filter(known) }
}

function countBy(values: Int32Array): Map<number, number> {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

/** The numbers of each cluster's members. */
function membersOf(clusters: Int32Array): number[][] {
  const members = new Map<number, number[]>()
  for (const [i, cluster] of clusters.entries()) {
    const known = members.get(cluster)
    if (known) known.push(i)
    else members.set(cluster, [i])
  }
  return [...members.values()]
}
