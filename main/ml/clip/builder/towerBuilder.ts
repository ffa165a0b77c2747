/** Writes one tower: a graph builder that also draws initial weights and notes which are trained. */
import type { Graph } from '../../onnx/graph.js'
import { GraphBuilder } from '../../onnx/graphBuilder.js'
import { createNormalSource, fillNormal, type NormalSource } from './randomNormal.js'

/** One encoder as a forward graph with its initial weights as initializers. */
export interface Tower {
  readonly graph: Graph
  /** Initializers that training changes. */
  readonly trainable: readonly string[]
  /** Those of `trainable` that weight decay leaves alone: norms, biases, embedding tables. */
  readonly noDecay: ReadonlySet<string>
  /** Factors on the learning rate, of those of `trainable` that have one. */
  readonly rates?: ReadonlyMap<string, number>
  /** The graph output with the unnormalised embeddings, [batch, embeddingDim]. */
  readonly output: string
}

export interface WeightOptions {
  readonly decay?: boolean
  readonly frozen?: boolean
}

/** Owned by the function that writes a tower and thrown away after `buildTower`. */
export class TowerBuilder extends GraphBuilder {
  private readonly trainable: string[] = []
  private readonly noDecay = new Set<string>()
  private readonly normal: NormalSource

  constructor(name: string, seed: number) {
    super(name)
    this.normal = createNormalSource(seed)
  }

  /** A weight with given values. */
  weight(
    name: string,
    dims: readonly number[],
    data: Float32Array,
    { decay = true, frozen = false }: WeightOptions = {},
  ): string {
    this.initializer(name, { type: 'float32', dims, data })
    if (frozen) return name
    this.trainable.push(name)
    if (!decay) this.noDecay.add(name)
    return name
  }

  /** A weight drawn from a normal distribution. */
  normalWeight(
    name: string,
    dims: readonly number[],
    std: number,
    options: WeightOptions = {},
  ): string {
    const length = dims.reduce((a, b) => a * b, 1)
    return this.weight(name, dims, fillNormal(this.normal, length, std), options)
  }

  /** A vector of one value, never decayed: the scale or bias of a norm, the bias of a layer. */
  vector(name: string, length: number, value: number): string {
    return this.weight(name, [length], new Float32Array(length).fill(value), { decay: false })
  }

  /** The finished tower, with `output` as its embeddings. */
  buildTower(output: string): Tower {
    return { graph: this.build(), trainable: this.trainable, noDecay: this.noDecay, output }
  }
}
