/** Rules of functions of one tensor, element by element. */
import { activationCases, elementwiseCases } from './cases/elementwise.js'
import { testGradients } from './cases/gradientCases.js'

testGradients('element-wise functions', elementwiseCases)
testGradients('activations', activationCases)
