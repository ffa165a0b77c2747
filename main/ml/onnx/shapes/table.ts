/** All shape rules, by operator name; names do not clash between the two domains. */
import { convolutionShapes } from './convolution.js'
import { elementwiseShapes } from './elementwise.js'
import { indexingShapes } from './indexing.js'
import { layoutShapes } from './layout.js'
import { matrixShapes } from './matrix.js'
import { reductionShapes } from './reduction.js'
import type { ShapeRules } from './shapeRule.js'

export const shapeRules: ShapeRules = {
  ...elementwiseShapes,
  ...matrixShapes,
  ...convolutionShapes,
  ...reductionShapes,
  ...layoutShapes,
  ...indexingShapes,
}
