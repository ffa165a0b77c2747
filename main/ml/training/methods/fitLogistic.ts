/** Finds scale and bias with which a model's cosines tell which pairs belong together. */
import type { PairCosines } from './pairCosines.js'

export interface LogisticFit {
  /** theta: logits are cosines times exp(theta), plus the bias. */
  readonly logitScale: number
  readonly logitBias: number
}

/** Where theta is looked for. SigLIP's own checkpoints have scales up to 118. */
const [lowest, highest] = [0, Math.log(200)]
const steps = 24
/** Halvings of the bias's interval, each side of which is out of reach of any cosine. */
const halvings = 30

/** The two at which the logistic loss (SigLIP) over these pairs is least; texts all different. */
export function fitLogistic(cosines: PairCosines): LogisticFit {
  let best = { logitScale: lowest, logitBias: 0, loss: Number.POSITIVE_INFINITY }
  for (let step = 0; step <= steps; step++) {
    const logitScale = lowest + ((highest - lowest) * step) / steps
    const scale = Math.exp(logitScale)
    const logitBias = bestBias(cosines, scale)
    const loss = lossOf(cosines, scale, logitBias)
    if (loss < best.loss) best = { logitScale, logitBias, loss }
  }
  return { logitScale: best.logitScale, logitBias: best.logitBias }
}

/** The loss is convex in the bias; its slope is the sum of sigmoids less the number of pairs. */
function bestBias({ values, count }: PairCosines, scale: number): number {
  let [low, high] = [-2 * scale - 20, 2 * scale + 20]
  for (let halving = 0; halving < halvings; halving++) {
    const bias = (low + high) / 2
    let sum = -count
    for (const cosine of values) sum += 1 / (1 + Math.exp(-(scale * cosine + bias)))
    if (sum > 0) high = bias
    else low = bias
  }
  return (low + high) / 2
}

function lossOf({ values, count }: PairCosines, scale: number, bias: number): number {
  let sum = 0
  values.forEach((cosine, i) => {
    const logit = scale * cosine + bias
    const own = i % count === Math.floor(i / count)
    sum += softplus(own ? -logit : logit)
  })
  return sum / count
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
}
