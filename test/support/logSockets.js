/**
 * Loaded before a program's own code, in its threads and child processes too (`NODE_OPTIONS`): writes
 * into the file that SOCKET_LOG names which of them began, and every address that one connects to.
 */
import { appendFileSync } from 'node:fs'
import net from 'node:net'
import { threadId } from 'node:worker_threads'

const log = (line) => appendFileSync(process.env.SOCKET_LOG, `${line}\n`)
const { connect } = net.Socket.prototype

log(`${process.ppid} ${process.pid} ${threadId} begins`)
net.Socket.prototype.connect = function (...asked) {
  // `net.connect` hands its options over in a list; pipes have a path and no host.
  const [first, second] = Array.isArray(asked[0]) ? asked[0] : asked
  const { host = 'localhost', path } =
    typeof first === 'object' ? first : { host: typeof second === 'string' ? second : undefined }
  if (path === undefined) log(`${process.ppid} ${process.pid} ${threadId} connects to ${host}`)
  return connect.apply(this, asked)
}
