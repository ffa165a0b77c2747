/** Every rule in the table has cases, and every case has a rule. */
import { expect, test } from 'vitest'
import { gradientRules } from '../../main/ml/autodiff/rules/table.js'
import { arithmeticCases } from './cases/arithmetic.js'
import { activationCases, elementwiseCases } from './cases/elementwise.js'
import { indexingCases } from './cases/indexing.js'
import { layoutCases } from './cases/layout.js'
import { productCases } from './cases/products.js'
import { normalizationCases, reductionCases, softmaxCases } from './cases/reductions.js'
import { resizeCases } from './cases/resize.js'
import { windowCases } from './cases/windows.js'

const cases = {
  ...arithmeticCases,
  ...elementwiseCases,
  ...activationCases,
  ...productCases,
  ...softmaxCases,
  ...reductionCases,
  ...normalizationCases,
  ...layoutCases,
  ...indexingCases,
  ...windowCases,
  ...resizeCases,
}

test('each gradient rule has a finite-difference test', () => {
  expect(Object.keys(cases).sort()).toEqual(Object.keys(gradientRules).sort())
})
