/** Entry of a process that the engine asked for: speaks with its parent as under plain Node. */
import { forkedStartSchema, received } from './forkMessages.js'

type Sent = (error: Error | null) => void

process.parentPort.once('message', async ({ data, ports: [port] }) => {
  const { entry } = forkedStartSchema.parse(data)
  if (!port) throw new Error('no port came along')
  const waiting: Sent[] = []
  let connected = true
  Object.defineProperty(process, 'connected', { get: () => connected })
  process.send = (message: unknown, sent: unknown) => {
    port.postMessage(message)
    waiting.push(sent as Sent)
    return true
  }
  port.on('message', (event) => {
    if (event.data === received) waiting.shift()?.(null)
    else process.emit('message', event.data, undefined)
  })
  port.on('close', () => {
    connected = false
    for (const sent of waiting.splice(0)) sent(new Error('the parent is gone'))
    process.emit('disconnect')
  })
  await import(entry)
  port.start()
})
