/** Rules of convolutions and pools. */
import { testGradients } from './cases/gradientCases.js'
import { windowCases } from './cases/windows.js'

testGradients('sliding windows', windowCases, 40)
