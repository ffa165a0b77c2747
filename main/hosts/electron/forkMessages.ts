/** How the engine's process asks the main process for another one, and what it is told of it. */
import { z } from 'zod'

const id = z.number().int()

/** Engine to main process. */
export const forkRequestSchema = z.object({ type: z.literal('fork'), id, entry: z.url() })
export type ForkRequest = z.infer<typeof forkRequestSchema>

/** Main process to engine; with `forked` comes the port to the new process. */
export const forkNewsSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('forked'), id }),
  z.object({ type: z.literal('spawn'), id, pid: id }),
  z.object({ type: z.literal('exit'), id, code: z.number() }),
])
export type ForkNews = z.infer<typeof forkNewsSchema>

/** Parent to new process: the first message, with the port to the parent. */
export const forkedStartSchema = z.object({ entry: z.url() })

/** The answer to each message of a new process: it may not end before its last one has arrived. */
export const received = 'received'
