/** Inputs for calls of the contract: right by their schema, almost right, and made up. */
import fc, { type Arbitrary } from 'fast-check'
import type { z } from 'zod'

const hostile = fc.constantFrom<unknown>(
  '/etc/passwd',
  '../../library.sqlite',
  'C:\\Windows',
  '__proto__',
  'constructor',
  '\u0000',
  '\ud800',
  -1,
  -0,
  0.5,
  1e308,
  2 ** 53,
  null,
  undefined,
  true,
  [],
  {},
)
const junk = fc.oneof(hostile, fc.string({ unit: 'binary' }), fc.double(), fc.object(), fc.bigInt())

const texts = fc.oneof(
  fc.string({ minLength: 1, maxLength: 60 }),
  fc.constantFrom('red', 'folder:/etc', '-red +blue^9', 'like:1', 'picture:../../etc', 'name:"'),
  fc.constantFrom('tag:x OR (', 'after:2024', 'size:>0', '"', '^', 'is:offline camera:*'),
)
const numbers = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 9 }) },
  { weight: 1, arbitrary: fc.integer() },
)

/** Mostly inputs that a call of this schema takes; null is the schema of a call without input. */
export function fuzzedInput(schema: z.core.$ZodType | null): Arbitrary<unknown> {
  if (schema === null) return fc.oneof(fc.constant(undefined), junk)
  return fc.oneof(
    { weight: 5, arbitrary: valuesOf(schema, 0) },
    { weight: 4, arbitrary: valuesOf(schema, 2) },
    { weight: 1, arbitrary: junk },
  )
}

/** Values of a schema, of which `wrong` parts in ten are junk. */
function valuesOf(schema: z.core.$ZodType, wrong: number): Arbitrary<unknown> {
  const right = rightValuesOf(schema as z.core.$ZodTypes, wrong)
  if (wrong === 0) return right
  return fc.oneof({ weight: 10 - wrong, arbitrary: right }, { weight: wrong, arbitrary: junk })
}

function rightValuesOf(schema: z.core.$ZodTypes, wrong: number): Arbitrary<unknown> {
  const { def } = schema._zod
  const inner = (one: z.core.$ZodType) => valuesOf(one, wrong)
  switch (def.type) {
    case 'object':
      return fc.record(
        Object.fromEntries(Object.entries(def.shape).map(([key, one]) => [key, inner(one)])),
      )
    case 'array':
      return fc.array(inner(def.element), { minLength: 1, maxLength: 4 })
    case 'union':
      return fc.oneof(...def.options.map(inner))
    case 'nullable':
      return fc.oneof(fc.constant(null), inner(def.innerType))
    case 'optional':
    case 'default':
      return fc.oneof(fc.constant(undefined), inner(def.innerType))
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries))
    case 'literal':
      return fc.constantFrom(...def.values)
    case 'string':
      return texts
    case 'number':
      return numbers
    case 'boolean':
      return fc.boolean()
    default:
      throw new Error(`no values are known of a schema of the kind ${def.type}`)
  }
}
