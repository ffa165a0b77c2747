/** Rules of softmax and its logarithm along one axis (opset 13 and later). */
import { intAttribute } from '../../onnx/attributes.js'
import type { RuleContext, RuleTable } from '../rule.js'

export const softmaxRules: RuleTable = {
  // y = softmax x: dx = y (dy - sum dy y)
  Softmax: (c) => [
    () => {
      const mean = sumOverAxis(c, c.op('Mul', [c.dy, c.y[0]!]))
      return c.op('Mul', [c.y[0]!, c.op('Sub', [c.dy, mean])])
    },
  ],
  // y = log softmax x: dx = dy - exp(y) sum dy
  LogSoftmax: (c) => [
    () => {
      const probabilities = c.op('Exp', [c.y[0]!])
      return c.op('Sub', [c.dy, c.op('Mul', [probabilities, sumOverAxis(c, c.dy)])])
    },
  ],
}

function sumOverAxis({ op, ints, node }: RuleContext, value: string): string {
  return op('ReduceSum', [value, ints([intAttribute(node, 'axis', -1)])], { keepdims: 1 })
}
