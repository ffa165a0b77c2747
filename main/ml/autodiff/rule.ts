/** What a gradient rule is: from a forward node to one vector-Jacobian product for each input. */
import type { GraphNode } from '../onnx/graph.js'
import type { Emitter } from './emitter.js'

/** Emits the cotangent of one input and returns its name; called only if that input needs one. */
export type Vjp = () => string

/** What a rule sees of the node it differentiates, and the means to emit nodes. */
export interface RuleContext extends Emitter {
  readonly node: GraphNode
  /** The node's input names. */
  readonly x: readonly string[]
  /** The node's output names. */
  readonly y: readonly string[]
  /** The cotangent of the first output. */
  readonly dy: string
  /** The cotangent of every output; undefined where nothing flows back into it. */
  readonly cotangents: readonly (string | undefined)[]
  /** The node's output at `index`, added to the forward node where it was left out. */
  forwardOutput(index: number): string
}

/** Gives one Vjp for each input in order; null or absent where an input has no gradient. */
export type GradientRule = (context: RuleContext) => readonly (Vjp | null)[]

/** Rules by op type; an op of onnxruntime's own domain has the key `com.microsoft.<opType>`. */
export type RuleTable = Readonly<Record<string, GradientRule>>
