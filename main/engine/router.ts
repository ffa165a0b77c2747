/** Binds the engine's functions to the contract: the one place where its errors become the contract's. */
import { randomBytes } from 'node:crypto'
import { createRouterClient, implement, ORPCError, type Router } from '@orpc/server'
import {
  type CallInputs,
  type CallOutputs,
  contract,
  type EngineClient,
} from '../../shared/contract/contract.js'
import { isAppError } from '../../shared/errors.js'
import type { EventSource } from './events.js'

type Group = Exclude<keyof CallInputs, 'events'>

/** One function for each call of a group of the contract. */
export type ApiOf<G extends Group> = {
  readonly [C in keyof CallInputs[G]]: (
    ...input: undefined extends CallInputs[G][C] ? [] : [CallInputs[G][C]]
  ) => Promise<C extends keyof CallOutputs[G] ? CallOutputs[G][C] : never>
}

/** Everything that the contract promises, but for the stream of events. */
export type ContractApi = { readonly [G in Group]: ApiOf<G> }

export interface RouterOptions {
  readonly api: ContractApi
  readonly events: EventSource
  /** Told of defects: errors that are not meant for a person. */
  readonly onDefect: (id: string, error: unknown) => void
}

export type EngineRouter = Router<typeof contract, Record<never, never>>

export function createRouter({ api, events, onDefect }: RouterOptions): EngineRouter {
  const root = implement(contract).use(async ({ next }) => {
    try {
      return await next()
    } catch (error) {
      throw toContractError(error, onDefect)
    }
  })
  const groups = Object.entries(api).map(([group, calls]) => {
    const implementers = root[group as Group] as unknown as Record<string, Implementer>
    const bound = Object.entries(calls as Record<string, (input: unknown) => unknown>).map(
      ([name, run]) => [name, implementers[name]!.handler(({ input }) => run(input))],
    )
    return [group, Object.fromEntries(bound)]
  })
  return {
    ...Object.fromEntries(groups),
    events: {
      subscribe: root.events.subscribe.handler(({ signal }) => events.subscribe(signal)),
    },
  } as EngineRouter
}

/** The part of oRPC's implementers that binding by name needs; `ContractApi` has checked the types. */
interface Implementer {
  handler(run: (options: { input: unknown }) => unknown): unknown
}

/** The engine as a client in the same process. */
export function createLocalClient(router: EngineRouter): EngineClient {
  return createRouterClient(router, { context: {} }) as EngineClient
}

export function toContractError(error: unknown, onDefect: RouterOptions['onDefect']): unknown {
  if (error instanceof ORPCError) return error
  if (isAppError(error)) {
    return new ORPCError(error.code, { message: error.message, data: error.data })
  }
  const id = randomBytes(4).toString('hex')
  onDefect(id, error)
  return new ORPCError('DEFECT', { message: `a defect of Semblance (${id})`, data: { id } })
}
