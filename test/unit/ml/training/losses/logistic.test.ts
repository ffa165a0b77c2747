/** The logistic loss, and where its scalars start. */
import { expect, it } from 'vitest'
import { createLoss } from '../../../../../main/ml/training/losses/table.js'
import { batch, type ClosedForm, checkLoss, type Point, samplePoint } from './checkLoss.js'
import { cosines, equal, mapped, sumOf, throughUnit, times, transpose, units } from './matrices.js'

const parts = ({ first, second, groups, parameters }: Point) => {
  const s = cosines(first, second)
  const scale = Math.exp(parameters.logit_scale![0]!)
  const logits = mapped(s, (x) => scale * x + parameters.logit_bias![0]!)
  return { s, scale, logits, y: equal(groups) }
}

/** 1/B sum softplus(-z l); by the logit (sigma(l) - y) / B. */
const form: ClosedForm = {
  value(point) {
    const { logits, y } = parts(point)
    const softplus = (x: number) => Math.log1p(Math.exp(x))
    return sumOf(mapped(logits, (l, i, j) => softplus(y[i]![j] ? -l : l))) / batch
  },
  gradients(point) {
    const { s, scale, logits, y } = parts(point)
    const byLogit = mapped(logits, (l, i, j) => (1 / (1 + Math.exp(-l)) - y[i]![j]!) / batch)
    const g = mapped(byLogit, (x) => scale * x)
    return {
      first: throughUnit(point.first, times(g, units(point.second))).flat(),
      second: throughUnit(point.second, times(transpose(g), units(point.first))).flat(),
      logit_scale: [sumOf(mapped(g, (x, i, j) => x * s[i]![j]!))],
      logit_bias: [sumOf(byLogit)],
    }
  },
}

it('is the closed form, with its gradients', () =>
  checkLoss('logistic', form, samplePoint({ logit_scale: [1.8], logit_bias: [-2.5] })))

it('keeps what a model has learned, and otherwise starts as SigLIP did', () => {
  const startsOf = (temperature: number | null, logitBias: number | null) =>
    createLoss({ name: 'logistic', temperature }).parameters.map(
      ({ initial }) => initial({ embeddingDim: 4, logitScale: 4.5, logitBias }).data[0],
    )
  expect(startsOf(null, -12.5)).toEqual([4.5, -12.5])
  expect(startsOf(null, null)).toEqual([Math.fround(Math.log(10)), -10])
  expect(startsOf(0.05, null)).toEqual([Math.fround(Math.log(20)), -10])
})
