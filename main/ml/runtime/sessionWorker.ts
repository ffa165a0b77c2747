/** The entry of a session's worker thread: opens the model it was started with and runs it. */
import { giveWay } from '../../platform/giveWay.js'
import { moved, serveCalls } from '../../platform/workerCalls.js'
import { openSession } from './openSession.js'
import type { SessionCalls, SessionRequest } from './openSessionInWorker.js'
import { prepareTransfer } from './transfer.js'

serveCalls<SessionCalls>(async (data) => {
  const { model, options, background } = data as SessionRequest
  // Before the session is opened, whose threads have the priority of this one.
  if (background) giveWay()
  const session = await openSession(model, options)
  const { inputNames, outputNames, device, notice } = session
  const facts = { inputNames, outputNames, device, notice }
  return {
    calls: {
      describe: () => facts,
      run: async ({ feeds, fetches }) => {
        const { tensors, buffers } = prepareTransfer(await session.run(feeds, fetches), false)
        const { device, notice } = session
        return moved({ tensors, device, notice }, buffers)
      },
    },
    close: () => session.dispose(),
  }
})
