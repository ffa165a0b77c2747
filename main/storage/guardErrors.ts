/** Makes every repository speak of the database's errors as AppErrors. */
import type { Repositories } from './repositories/index.js'
import { toStorageError } from './sqlite.js'

/** The same repositories, whose errors name the database's file and what to do. */
export function guardErrors(repositories: Repositories, path: string): Repositories {
  const guarded = Object.entries(repositories).map(([name, repository]) => [
    name,
    new Proxy<object>(repository, {
      get(target, key, receiver) {
        const member: unknown = Reflect.get(target, key, receiver)
        return typeof member === 'function' ? guard(member.bind(target), path) : member
      },
    }),
  ])
  return Object.fromEntries(guarded)
}

function guard(method: (...args: unknown[]) => unknown, path: string) {
  return (...args: unknown[]) => {
    const outcome = method(...args)
    return isAsyncIterable(outcome) ? guardStream(outcome, path) : guardPromise(outcome, path)
  }
}

async function guardPromise(outcome: unknown, path: string): Promise<unknown> {
  try {
    return await outcome
  } catch (error) {
    throw toStorageError(error, path)
  }
}

async function* guardStream(stream: AsyncIterable<unknown>, path: string) {
  try {
    yield* stream
  } catch (error) {
    throw toStorageError(error, path)
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
