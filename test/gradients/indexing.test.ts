/** Rules of gathers and scatters. */
import { testGradients } from './cases/gradientCases.js'
import { indexingCases } from './cases/indexing.js'

testGradients('indexing', indexingCases, 20)
