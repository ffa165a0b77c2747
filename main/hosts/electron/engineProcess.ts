/** Entry of the engine's process: the contract for windows, the controls for the main process. */
import { join } from 'node:path'
import { RPCHandler } from '@orpc/server/message-port'
import { createEngine } from '../../engine/createEngine.js'
import { projectRoot } from '../../platform/entries.js'
import { forkBy } from '../../platform/forkProcess.js'
import { createControlRouter } from './controlRouter.js'
import { createHostFork } from './forkByHost.js'
import { unpackedPath } from './unpackedPath.js'

forkBy(createHostFork(process.parentPort))

const onDefect = (id: string, error: unknown) => console.error(`defect ${id}:`, error)

const engine = createEngine({
  starterFolder: unpackedPath(join(projectRoot, 'models', 'starter')),
  onDefect,
})
const handlers = {
  window: new RPCHandler(engine.router),
  control: new RPCHandler(createControlRouter({ engine, onDefect })),
}

/** Says whom the port that comes along leads to. */
export type PortKind = keyof typeof handlers

process.parentPort.on('message', ({ data, ports }) => {
  const [port] = ports
  if (!port || !(data in handlers)) return
  handlers[data as PortKind].upgrade(port)
  port.start()
})
