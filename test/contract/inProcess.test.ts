/** The contract in one process, as the command line uses it. */
import { testContract } from './contractSuite.js'

testContract(async ({ client }) => ({ client, close: async () => {} }))
