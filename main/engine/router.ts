/** Binds the engine's functions to the contract: the one place where its errors become the contract's. */
import { randomBytes } from 'node:crypto'
import {
  createRouterClient,
  implement,
  ORPCError,
  type Router,
  ValidationError,
} from '@orpc/server'
import {
  type CallInputs,
  type CallOutputs,
  contract,
  type EngineClient,
} from '../../shared/contract/contract.js'
import { AppError, isAppError } from '../../shared/errors.js'
import { untilAborted } from '../platform/untilAborted.js'
import type { EventSource } from './events.js'
import type { Gate } from './gate.js'

type Group = Exclude<keyof CallInputs, 'events'>

/** One function for each call of a group of the contract. */
export type ApiOf<G extends Group> = {
  readonly [C in keyof CallInputs[G]]: (
    ...input: undefined extends CallInputs[G][C] ? [] : [CallInputs[G][C]]
  ) => Promise<C extends keyof CallOutputs[G] ? CallOutputs[G][C] : never>
}

/** Everything that the contract promises, but for the stream of events. */
export type ContractApi = { readonly [G in Group]: ApiOf<G> }

/** Told of defects: errors that are not meant for a person. */
export type DefectListener = (id: string, error: unknown) => void

export interface RouterOptions {
  readonly api: ContractApi
  readonly events: EventSource
  readonly gate: Gate
  readonly onDefect: DefectListener
}

export type EngineRouter = Router<typeof contract, Record<never, never>>

export function createRouter({ api, events, gate, onDefect }: RouterOptions): EngineRouter {
  const root = implement(contract).use(async ({ next, signal }) => {
    try {
      return await next()
    } catch (error) {
      // Whoever gave the call up hears no answer.
      if (signal?.aborted && error === signal.reason) throw error
      throw toContractError(error, onDefect)
    }
  })
  const groups = Object.entries(api).map(([group, calls]) => {
    const implementers = root[group as Group] as unknown as Record<string, Implementer>
    // Settings close the gate themselves.
    const pass = group === 'settings' ? doAtOnce : gate.pass
    const bound = Object.entries(calls as Record<string, Call>).map(([name, run]) => [
      name,
      implementers[name]!.handler(({ input, signal }) => {
        const work = pass(() => run(input))
        return signal ? untilAborted(work, signal) : work
      }),
    ])
    return [group, Object.fromEntries(bound)]
  })
  return {
    ...Object.fromEntries(groups),
    events: {
      subscribe: root.events.subscribe.handler(({ signal }) => events.subscribe(signal)),
    },
  } as EngineRouter
}

type Call = (input: unknown) => Promise<unknown>

/** The part of oRPC's implementers that binding by name needs; `ContractApi` has checked the types. */
interface Implementer {
  handler(run: (options: { input: unknown; signal?: AbortSignal }) => unknown): unknown
}

function doAtOnce<T>(work: () => Promise<T>): Promise<T> {
  return work()
}

/** The engine as a client in the same process. */
export function createLocalClient(router: EngineRouter): EngineClient {
  return createRouterClient(router, { context: {} }) as EngineClient
}

/** An error of the contract for whatever was thrown; defects are told to `onDefect` and masked. */
export function toContractError(error: unknown, onDefect: DefectListener): unknown {
  const known = isAppError(error) ? error : refusedInput(error)
  if (known) {
    return new ORPCError(known.code, { defined: true, message: known.message, data: known.data })
  }
  if (error instanceof ORPCError && error.status < 500) return error
  const id = randomBytes(4).toString('hex')
  onDefect(id, error)
  const message = `a defect of Semblance (${id})`
  return new ORPCError('DEFECT', { defined: true, message, data: { id } })
}

/** What the contract finds wrong with a call's input; null for any other error. */
function refusedInput(error: unknown): AppError | null {
  if (!(error instanceof ORPCError) || error.code !== 'BAD_REQUEST') return null
  if (!(error.cause instanceof ValidationError)) return null
  const [issue] = error.cause.issues
  const path = issue?.path?.map((part) => (typeof part === 'object' ? part.key : part)) ?? []
  return new AppError('INVALID_ARGUMENT', {
    argument: path.map(String).join('.') || 'input',
    problem: issue?.message ?? 'this is not what the call takes',
  })
}
