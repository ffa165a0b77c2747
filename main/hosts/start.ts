/** What `npm start` runs. */
import { runCli } from './cli/runCli.js'

console.log('The window is not built yet; Semblance works in the terminal:\n')
process.exitCode = await runCli(['--help'])
