/** Rules of matrix products. */
import { testGradients } from './cases/gradientCases.js'
import { productCases } from './cases/products.js'

testGradients('matrix products', productCases, 40)
