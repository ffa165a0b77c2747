/**
 * Runs in the page before its own scripts: what a preload finds there, and the far ends of ports.
 * `preloadSource` and `platform` are put around it; `standInToMain` is bound to the test's process.
 */
const toMain = globalThis.standInToMain
const listeners = new Map()
const ports = new Map()

const encode = (data) => (typeof data === 'string' ? data : { bytes: [...new Uint8Array(data)] })
const decode = (data) => (typeof data === 'string' ? data : new Uint8Array(data.bytes))

function openPort(id) {
  const { port1, port2 } = new MessageChannel()
  ports.set(id, port1)
  port1.onmessage = ({ data }) => void toMain({ kind: 'port', id, data: encode(data) })
  return port2
}

const standIn = {
  deliver(channel, told, ids) {
    const event = { ports: ids.map(openPort) }
    for (const listener of listeners.get(channel) ?? []) listener(event, ...told)
  },
  port: (id, data) => ports.get(id)?.postMessage(decode(data)),
  closePort: (id) => ports.get(id)?.close(),
}
Object.defineProperty(globalThis, 'standIn', { value: standIn })

const electron = {
  contextBridge: {
    exposeInMainWorld: (name, api) => Object.defineProperty(globalThis, name, { value: api }),
  },
  ipcRenderer: {
    send: (channel, ...told) => void toMain({ kind: 'send', channel, told }),
    invoke: async (channel, ...told) => {
      const { value, error } = await toMain({ kind: 'invoke', channel, told })
      if (error !== undefined) throw new Error(error)
      return value
    },
    on: (channel, listener) =>
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
    removeListener: (channel, listener) =>
      listeners.set(
        channel,
        (listeners.get(channel) ?? []).filter((one) => one !== listener),
      ),
  },
}

const load = new Function('require', 'exports', 'process', preloadSource)
load(
  (name) => {
    if (name === 'electron') return electron
    throw new Error(`a sandboxed preload cannot require ${name}`)
  },
  {},
  { platform },
)
