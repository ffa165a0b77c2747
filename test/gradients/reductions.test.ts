/** Rules of reductions, softmax and normalisations. */
import { testGradients } from './cases/gradientCases.js'
import { normalizationCases, reductionCases, softmaxCases } from './cases/reductions.js'

testGradients('reductions', reductionCases)
testGradients('softmax', softmaxCases)
testGradients('normalisations', normalizationCases)
