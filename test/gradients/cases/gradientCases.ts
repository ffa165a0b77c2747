/** What a family's cases are, and the test of each. */
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { checkNodeGradient, type NodeCase } from '../../support/gradientCheck.js'

/** Arbitrary cases of each rule in a family, under the rule's key in the table. */
export type GradientCases = Readonly<Record<string, fc.Arbitrary<NodeCase>>>

/** Declares one property test for each rule. */
export function testGradients(family: string, cases: GradientCases, numRuns = 12): void {
  describe(`gradients of ${family}`, () => {
    test.each(Object.keys(cases))('%s', async (key) => {
      await fc.assert(fc.asyncProperty(cases[key]!, checkNodeGradient), { numRuns, seed: 20 })
    })
  })
}
