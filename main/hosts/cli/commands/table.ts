/** Every command, in the order in which --help lists them. */
import type { Command } from 'commander'
import type { Cli } from '../cli.js'
import { addCommand } from './add.js'
import { embedCommand } from './embed.js'
import { evalCommand } from './eval.js'
import { indexCommand } from './index.js'
import { jobsCommand } from './jobs.js'
import { modelsCommand } from './models.js'
import { searchCommand } from './search.js'
import { serveCommand } from './serve.js'
import { statusCommand } from './status.js'
import { trainCommand } from './train.js'

export const commands: readonly ((cli: Cli) => Command)[] = [
  addCommand,
  indexCommand,
  searchCommand,
  statusCommand,
  trainCommand,
  evalCommand,
  modelsCommand,
  embedCommand,
  jobsCommand,
  serveCommand,
]
