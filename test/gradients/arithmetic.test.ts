/** Rules of operators on tensors that broadcast together. */
import { arithmeticCases } from './cases/arithmetic.js'
import { testGradients } from './cases/gradientCases.js'

testGradients('arithmetic', arithmeticCases)
