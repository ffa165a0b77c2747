/** The rule of resampling. */
import { testGradients } from './cases/gradientCases.js'
import { resizeCases } from './cases/resize.js'

testGradients('resampling', resizeCases, 120)
