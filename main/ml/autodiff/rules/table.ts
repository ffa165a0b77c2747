/** The gradient rules of all families, and the operators at which gradients end. */
import type { GraphNode } from '../../onnx/graph.js'
import type { GradientRule, RuleTable } from '../rule.js'
import { activationRules } from './activations.js'
import { arithmeticRules } from './arithmetic.js'
import { convolutionRules } from './convolution.js'
import { elementwiseRules } from './elementwise.js'
import { groupNormalizationRules } from './groupNormalization.js'
import { indexingRules } from './indexing.js'
import { layoutRules } from './layout.js'
import { normalizationRules } from './normalization.js'
import { poolingRules } from './pooling.js'
import { productRules } from './products.js'
import { reductionRules } from './reductions.js'
import { resizeRules } from './resize.js'
import { softmaxRules } from './softmax.js'

/** Every rule, by op type. */
export const gradientRules: RuleTable = {
  ...arithmeticRules,
  ...elementwiseRules,
  ...activationRules,
  ...productRules,
  ...softmaxRules,
  ...reductionRules,
  ...normalizationRules,
  ...groupNormalizationRules,
  ...layoutRules,
  ...indexingRules,
  ...convolutionRules,
  ...poolingRules,
  ...resizeRules,
}

/** Operators whose outputs are constant around almost every input, or do not depend on its values. */
const gradientStops: ReadonlySet<string> = new Set([
  ...['Shape', 'Size', 'Constant', 'ConstantOfShape', 'Range', 'EyeLike', 'OneHot', 'NonZero'],
  ...['Equal', 'Less', 'LessOrEqual', 'Greater', 'GreaterOrEqual', 'IsNaN', 'IsInf'],
  ...['Not', 'And', 'Or', 'Xor', 'ArgMax', 'ArgMin', 'Unique'],
  ...['Sign', 'Floor', 'Ceil', 'Round', 'Mod'],
])

/** Operators whose rules take the cotangents of all outputs, not of the first alone. */
const manyOutputs: ReadonlySet<string> = new Set(['Split'])

/** The rule of a node; undefined if there is none. */
export function ruleOf(node: GraphNode): GradientRule | undefined {
  const key = node.domain === '' ? node.opType : `${node.domain}.${node.opType}`
  return Object.hasOwn(gradientRules, key) ? gradientRules[key] : undefined
}

/** Whether gradients end at a node by definition. */
export function stopsGradient({ domain, opType }: GraphNode): boolean {
  return domain === '' && gradientStops.has(opType)
}

/** Whether a node's rule takes the cotangents of all its outputs. */
export function takesAllCotangents({ opType }: GraphNode): boolean {
  return manyOutputs.has(opType)
}
