/** Rules of normalisations over groups of channels, each with its own mean and spread. */
import { floatAttribute, intAttribute } from '../../onnx/attributes.js'
import { sizeOf } from '../dims.js'
import type { RuleContext, RuleTable, Vjp } from '../rule.js'

export const groupNormalizationRules: RuleTable = {
  // within each group xhat = r (x - m), y = xhat g + b: dx = r (d - mean d - xhat mean(d xhat)),
  // d = dy g, dg = sum dy xhat, db = sum dy
  GroupNormalization: (c) => groupNormalization(c, intAttribute(c.node, 'num_groups', 1)),
  // as GroupNormalization, with one channel in a group
  InstanceNormalization: (c) => groupNormalization(c, c.shape(c.x[0]!)[1]!),
}

/** Views: whole groups as [batch, groups, elements], scaled parts as [batch, parts, elements]. */
function groupNormalization(context: RuleContext, groups: number): Vjp[] {
  const { op, ints, scalar, node, shape, reshape, x, dy } = context
  const input = shape(x[0]!)
  const inGroups = [input[0]!, groups, sizeOf(input) / (input[0]! * groups)]
  // The scale is per group up to opset 20, and per channel from 21 on.
  const parts = shape(x[1]!)[0]!
  const inParts = [input[0]!, parts, sizeOf(input) / (input[0]! * parts)]
  const mean = (value: string): string => op('ReduceMean', [value, ints([2])], { keepdims: 1 })
  const centred = (): string => {
    const values = reshape(x[0]!, inGroups)
    return op('Sub', [values, mean(values)])
  }
  const inverse = (): string => {
    const variance = mean(op('Mul', [centred(), centred()]))
    const floor = scalar(floatAttribute(node, 'epsilon', 1e-5))
    return op('Reciprocal', [op('Sqrt', [op('Add', [variance, floor])])])
  }
  const xhat = (): string => op('Mul', [centred(), inverse()])
  const sum = (value: string): string => op('ReduceSum', [value, ints([0, 2])], { keepdims: 0 })
  return [
    () => {
      const scaled = op('Mul', [reshape(dy, inParts), reshape(x[1]!, [parts, 1])])
      const d = reshape(scaled, inGroups)
      const shift = op('Mul', [xhat(), mean(op('Mul', [d, xhat()]))])
      const change = op('Sub', [op('Sub', [d, mean(d)]), shift])
      return reshape(op('Mul', [change, inverse()]), input)
    },
    () => sum(op('Mul', [reshape(dy, inParts), reshape(xhat(), inParts)])),
    () => sum(reshape(dy, inParts)),
  ]
}
