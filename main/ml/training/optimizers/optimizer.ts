/** What an optimizer is: an elementwise ONNX graph over a range of the flat parameter buffer. */
import type { Graph } from '../../onnx/graph.js'
import { GraphBuilder } from '../../onnx/graphBuilder.js'

/** What decides one update besides the gradient. */
export interface UpdateSettings {
  /** Updates counted from 1. */
  readonly update: number
  readonly learningRate: number
  /** What gradients are multiplied by first, for clipping. */
  readonly gradientScale: number
  /** Whether weight decay applies to this range. */
  readonly decayed: boolean
}

/**
 * `graph` has the inputs `parameter`, `gradient` and one for each of `state`, all [length], and the
 * scalar inputs that `scalars` gives. Its outputs are `next/parameter` and `next/<state>`; each may be
 * written over its input.
 */
export interface Optimizer {
  readonly state: readonly string[]
  readonly graph: Graph
  readonly scalars: (settings: UpdateSettings) => Readonly<Record<string, number>>
}

/** Writes an optimizer's graph: elementwise operators over [length] and fed scalars. */
export class UpdateBuilder extends GraphBuilder {
  /** An input of the length of the parameters. */
  array(name: string): string {
    return this.input(name, 'float32', ['length'])
  }

  /** A fed scalar. */
  fed(name: string): string {
    return this.input(name, 'float32', [])
  }

  mul(a: string, b: string): string {
    return this.op('Mul', [a, b])
  }

  add(a: string, b: string): string {
    return this.op('Add', [a, b])
  }

  /** Declares the new value of the input `name`. */
  next(name: string, value: string): void {
    this.output(value, 'float32', ['length'], `next/${name}`)
  }
}
