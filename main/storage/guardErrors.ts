/** Makes every repository speak of the database's errors as AppErrors, and count what it is asked. */
import type { Repositories } from './repositories/index.js'
import { toStorageError } from './storageErrors.js'
import { type Usage, uncounted } from './usage.js'

/** The same repositories, whose errors name the database's file and what to do. */
export function guardErrors(
  repositories: Repositories,
  path: string,
  usage: Pick<Usage, 'during'> = uncounted,
): Repositories {
  const { guardCall, guardStream } = createGuards(path, usage)
  const guarded = Object.entries(repositories).map(([name, repository]) => [
    name,
    new Proxy<object>(repository, {
      get(target, key, receiver) {
        const member: unknown = Reflect.get(target, key, receiver)
        if (typeof member !== 'function') return member
        const guard = member instanceof AsyncGeneratorFunction ? guardStream : guardCall
        return guard(member.bind(target))
      },
    }),
  ])
  return Object.fromEntries(guarded)
}

type Method<T> = (...args: unknown[]) => T

const AsyncGeneratorFunction: new () => unknown = Object.getPrototypeOf(
  async function* () {},
).constructor

function createGuards(path: string, usage: Pick<Usage, 'during'>) {
  async function guarded<T>(work: () => T): Promise<Awaited<T>> {
    try {
      return await usage.during(async () => work())
    } catch (error) {
      throw toStorageError(error, path)
    }
  }

  return {
    guardCall:
      (method: Method<unknown>) =>
      (...args: unknown[]) =>
        guarded(() => method(...args)),

    /** Counts only while it reads: who has what it read may leave it there. */
    guardStream: (method: Method<AsyncGenerator<unknown>>) =>
      async function* (...args: unknown[]) {
        const stream = method(...args)
        try {
          for (;;) {
            const { done, value } = await guarded(() => stream.next())
            if (done) return
            yield value
          }
        } finally {
          await stream.return(undefined)
        }
      },
  }
}
