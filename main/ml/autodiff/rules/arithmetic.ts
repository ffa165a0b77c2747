/** Rules of operators on two or more tensors that broadcast to one shape. */
import type { GradientRule, RuleContext, RuleTable, Vjp } from '../rule.js'
import { broadcasting } from '../unbroadcast.js'

export const arithmeticRules: RuleTable = {
  // y = a + b: da = dy, db = dy
  Add: broadcasting(({ dy }) => [() => dy, () => dy]),
  // y = a - b: da = dy, db = -dy
  Sub: broadcasting(({ op, dy }) => [() => dy, () => op('Neg', [dy])]),
  // y = a b: da = dy b, db = dy a
  Mul: broadcasting(({ op, dy, x }) => [
    () => op('Mul', [dy, x[1]!]),
    () => op('Mul', [dy, x[0]!]),
  ]),
  // y = a / b: da = dy / b, db = -(dy / b) y
  Div: broadcasting(({ op, dy, x, y }) => [
    () => op('Div', [dy, x[1]!]),
    () => op('Neg', [op('Mul', [op('Div', [dy, x[1]!]), y[0]!])]),
  ]),
  // y = a^b: da = dy b a^(b-1), db = dy y log(a)
  Pow: broadcasting((context) => [() => powBase(context), () => powExponent(context)]),
  // y = a_0 + a_1 + ...: da_i = dy
  Sum: broadcasting(({ dy, x }) => x.map(() => () => dy)),
  // y = (a_0 + ... + a_{n-1}) / n: da_i = dy / n
  Mean: broadcasting(({ op, scalar, dy, x }) =>
    x.map(() => () => op('Mul', [dy, scalar(1 / x.length)])),
  ),
  // y = max(a_i): da_i = dy [a_i = y] / (number of a_j = y)
  Max: broadcasting((context) => extremum(context)),
  // y = min(a_i): da_i = dy [a_i = y] / (number of a_j = y)
  Min: broadcasting((context) => extremum(context)),
  // y = c ? a : b: da = dy [c], db = dy [not c]
  Where: broadcasting((context) => [
    null,
    () => masked(context, context.x[0]!),
    () => masked(context, context.op('Not', [context.x[0]!])),
  ]),
}

/** `dy` where the boolean `mask` holds, otherwise 0; a product, as Where takes three passes. */
export function masked({ op, dy }: RuleContext, mask: string): string {
  return op('Mul', [dy, op('Cast', [mask], { to: onnxFloat })])
}

/** TensorProto.DataType.FLOAT. */
const onnxFloat = 1

function powBase(context: RuleContext): string {
  const { op, scalar, dy, x } = context
  const [base, exponent] = [x[0]!, x[1]!]
  const power = scalarOf(context, exponent)
  if (power === 2) return op('Mul', [op('Mul', [dy, base]), scalar(2)])
  if (power !== undefined) {
    const slope = op('Mul', [op('Pow', [base, scalar(power - 1)]), scalar(power)])
    return op('Mul', [dy, slope])
  }
  const slope = op('Mul', [exponent, op('Pow', [base, op('Sub', [exponent, scalar(1)])])])
  return op('Mul', [dy, slope])
}

function powExponent({ op, dy, x, y }: RuleContext): string {
  return op('Mul', [op('Mul', [dy, y[0]!]), op('Log', [x[0]!])])
}

/** The value of a constant with a single element, of whatever number type. */
function scalarOf({ constant }: RuleContext, value: string): number | undefined {
  const tensor = constant(value)
  return tensor?.data.length === 1 ? Number(tensor.data[0]) : undefined
}

function extremum(context: RuleContext): ReturnType<GradientRule> {
  const { op, dy, x, y } = context
  const isExtreme = (value: string) => op('Cast', [op('Equal', [value, y[0]!])], { to: onnxFloat })
  const share = (): string => op('Div', [dy, op('Sum', x.map(isExtreme))])
  return x.map(
    (value): Vjp =>
      () =>
        op('Mul', [x.length === 1 ? dy : share(), isExtreme(value)]),
  )
}
