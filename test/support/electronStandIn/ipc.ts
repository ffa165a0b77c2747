/** Messages and questions of pages to the main process. */
import { EventEmitter } from 'node:events'

type Answer = (event: unknown, ...asked: unknown[]) => unknown

const answers = new Map<string, Answer>()

class IpcMain extends EventEmitter {
  handle(channel: string, answer: Answer): void {
    answers.set(channel, answer)
  }
}

export const ipcMain = new IpcMain()

/** What the page gets; an error crosses as its words, as in Electron. */
export async function answerInvoke(
  channel: string,
  event: unknown,
  asked: readonly unknown[],
): Promise<{ value: unknown } | { error: string }> {
  try {
    const answer = answers.get(channel)
    if (!answer) throw new Error(`No handler registered for '${channel}'`)
    return { value: await answer(event, ...asked) }
  } catch (error) {
    return { error: `Error invoking remote method '${channel}': ${String(error)}` }
  }
}
