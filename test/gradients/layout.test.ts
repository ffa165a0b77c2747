/** Rules of operators that only move values. */
import { testGradients } from './cases/gradientCases.js'
import { layoutCases } from './cases/layout.js'

testGradients('layout', layoutCases, 20)
