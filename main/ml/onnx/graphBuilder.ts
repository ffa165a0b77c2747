/** Writes a graph node by node, making up value names and shortening the common operators. */
import {
  type Attribute,
  builtOpset,
  type Dim,
  type Domain,
  type ElementType,
  type Graph,
  type GraphNode,
  type TensorData,
  type ValueInfo,
} from './graph.js'

/** Attribute values in short form: integers unless made by `float`, as ONNX has both. */
export type AttributeInput = number | string | readonly number[] | TensorData | Attribute

/** A float attribute: a bare number is taken as an integer. */
export function float(value: number): Attribute {
  return { kind: 'float', value }
}

/** Builds one graph; owned by the function that writes it and thrown away after `build`. */
export class GraphBuilder {
  readonly name: string
  private readonly inputs: ValueInfo[] = []
  private readonly outputs: ValueInfo[] = []
  private readonly initializers = new Map<string, TensorData>()
  private readonly nodes: GraphNode[] = []
  private readonly constantNames = new Map<string, string>()
  private count = 0

  constructor(name: string) {
    this.name = name
  }

  /** Declares a graph input and returns its name. */
  input(name: string, type: ElementType, shape: readonly Dim[]): string {
    this.inputs.push({ name, type, shape })
    return name
  }

  /** Declares an existing value as a graph output; under another name, an Identity gives it one. */
  output(value: string, type: ElementType, shape: readonly Dim[], name = value): void {
    if (name !== value) {
      this.nodes.push({
        name,
        opType: 'Identity',
        domain: '',
        inputs: [value],
        outputs: [name],
        attributes: {},
      })
    }
    this.outputs.push({ name, type, shape })
  }

  /** Adds a named initializer (a weight) and returns its name. */
  initializer(name: string, tensor: TensorData): string {
    if (this.initializers.has(name)) throw new Error(`initializer ${name} is defined twice`)
    this.initializers.set(name, tensor)
    return name
  }

  /** Adds a node with one output and returns the output's name. */
  op(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeInput>> = {},
    domain: Domain = '',
  ): string {
    return this.multi(opType, inputs, 1, attributes, domain)[0]!
  }

  /** Adds a node with `outputCount` outputs and returns their names. */
  multi(
    opType: string,
    inputs: readonly string[],
    outputCount: number,
    attributes: Readonly<Record<string, AttributeInput>> = {},
    domain: Domain = '',
  ): string[] {
    const stem = `${opType}_${this.count++}`
    const outputs = Array.from({ length: outputCount }, (_, i) => (i === 0 ? stem : `${stem}.${i}`))
    this.nodes.push({
      name: stem,
      opType,
      domain,
      inputs,
      outputs,
      attributes: toAttributes(attributes),
    })
    return outputs
  }

  /** A float32 scalar constant; equal ones are shared. */
  scalar(value: number): string {
    return this.shared(`scalar_${value}`, () => ({
      type: 'float32',
      dims: [],
      data: Float32Array.of(value),
    }))
  }

  /** A 1-D int64 constant, as shapes and axes are given; equal ones are shared. */
  ints(values: readonly number[]): string {
    return this.shared(`ints_${values.join('_')}`, () => ({
      type: 'int64',
      dims: [values.length],
      data: BigInt64Array.from(values.map(BigInt)),
    }))
  }

  /** The finished graph. */
  build(): Graph {
    return {
      name: this.name,
      opset: builtOpset,
      inputs: this.inputs,
      outputs: this.outputs,
      initializers: this.initializers,
      nodes: this.nodes,
    }
  }

  private shared(key: string, make: () => TensorData): string {
    const known = this.constantNames.get(key)
    if (known !== undefined) return known
    const name = this.initializer(`const/${key}`, make())
    this.constantNames.set(key, name)
    return name
  }
}

/** Attributes in full form from their short one. */
export function toAttributes(
  inputs: Readonly<Record<string, AttributeInput>>,
): Record<string, Attribute> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, toAttribute(value)]),
  )
}

function toAttribute(value: AttributeInput): Attribute {
  if (typeof value === 'number') return { kind: 'int', value }
  if (typeof value === 'string') return { kind: 'string', value }
  if (isNumbers(value)) return { kind: 'ints', value }
  return 'kind' in value ? value : { kind: 'tensor', value }
}

function isNumbers(value: AttributeInput): value is readonly number[] {
  return Array.isArray(value)
}
