/** Rules of smooth functions of one tensor, element by element. */
import { AppError } from '../../../../shared/errors.js'
import { intAttribute } from '../../onnx/attributes.js'
import type { GradientRule, RuleContext, RuleTable } from '../rule.js'
import { masked } from './arithmetic.js'

/** A rule for an op whose first input alone has a gradient. */
const unary =
  (vjp: (context: RuleContext) => string): GradientRule =>
  (context) => [() => vjp(context)]

export const elementwiseRules: RuleTable = {
  // y = x: dx = dy
  Identity: unary(({ dy }) => dy),
  // y = -x: dx = -dy
  Neg: unary(({ op, dy }) => op('Neg', [dy])),
  // y = exp x: dx = dy y
  Exp: unary(({ op, dy, y }) => op('Mul', [dy, y[0]!])),
  // y = log x: dx = dy / x
  Log: unary(({ op, dy, x }) => op('Div', [dy, x[0]!])),
  // y = sqrt x: dx = (dy / 2) / y
  Sqrt: unary(({ op, scalar, dy, y }) => op('Div', [op('Mul', [dy, scalar(0.5)]), y[0]!])),
  // y = 1 / x: dx = -dy y^2
  Reciprocal: unary(({ op, dy, y }) => op('Neg', [op('Mul', [dy, op('Mul', [y[0]!, y[0]!])])])),
  // y = |x|: dx = dy sign x
  Abs: unary(({ op, dy, x }) => op('Mul', [dy, op('Sign', [x[0]!])])),
  // y = sin x: dx = dy cos x
  Sin: unary(({ op, dy, x }) => op('Mul', [dy, op('Cos', [x[0]!])])),
  // y = cos x: dx = -dy sin x
  Cos: unary(({ op, dy, x }) => op('Neg', [op('Mul', [dy, op('Sin', [x[0]!])])])),
  // y = tanh x: dx = dy (1 - y^2)
  Tanh: unary(({ op, scalar, dy, y }) =>
    op('Mul', [dy, op('Sub', [scalar(1), op('Mul', [y[0]!, y[0]!])])]),
  ),
  // y = 1 / (1 + exp(-x)): dx = dy y (1 - y)
  Sigmoid: unary(({ op, dy, y }) => op('Mul', [dy, op('Sub', [y[0]!, op('Mul', [y[0]!, y[0]!])])])),
  // y = log(1 + exp x): dx = dy sigmoid x
  Softplus: unary(({ op, dy, x }) => op('Mul', [dy, op('Sigmoid', [x[0]!])])),
  // y = x / (1 + |x|): dx = dy / (1 + |x|)^2
  Softsign: unary(({ op, scalar, dy, x }) => {
    const denominator = op('Add', [op('Abs', [x[0]!]), scalar(1)])
    return op('Div', [dy, op('Mul', [denominator, denominator])])
  }),
  // y = erf x: dx = dy 2/sqrt(pi) exp(-x^2)
  Erf: unary(({ op, scalar, dy, x }) => {
    const gaussian = op('Exp', [op('Neg', [op('Mul', [x[0]!, x[0]!])])])
    return op('Mul', [dy, op('Mul', [gaussian, scalar(2 / Math.sqrt(Math.PI))])])
  }),
  // y = min(max(x, low), high): dx = dy [x = y]
  Clip: unary((context) => masked(context, context.op('Equal', [context.x[0]!, context.y[0]!]))),
  // y = x in another float type: dx = dy in the type of x
  Cast: unary(({ op, dy, x, type }) => op('Cast', [dy], { to: floatCodes[type(x[0]!)] ?? 1 })),
  // y = x outside training (a training mask is fed and multiplied): dx = dy
  Dropout: unary((context) => dropout(context)),
}

/** TensorProto.DataType of the float types. */
const floatCodes: Readonly<Record<string, number>> = { float32: 1, float16: 10, float64: 11 }

function dropout({ node, dy, constant }: RuleContext): string {
  const mode = node.inputs[2]
  const training = mode ? constant(mode)?.data[0] !== 0 : intAttribute(node, 'training_mode', 0)
  if (!training) return dy
  throw new AppError('GRADIENT_RULE_MISSING', { opType: 'Dropout (training mode)', opset: 12 })
}
