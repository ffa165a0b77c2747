/** Answers what the window's preload asks: dialogs, handles, files for other programs. */
import {
  BrowserWindow,
  dialog,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  ipcMain,
  nativeImage,
  type OpenDialogOptions,
  shell,
} from 'electron'
import { z } from 'zod'
import { photoIdSchema } from '../../../shared/domain/photo.js'
import { isOwnAddress } from './addresses.js'
import type { HostQuestions, WindowMessages } from './channels.js'
import type { EngineHost } from './engineHost.js'
import { text } from './text.js'

const dragIconSize = 128

const dragSchema = z.array(photoIdSchema).min(1).max(1_000)

export interface AnswerWindowOptions {
  readonly engine: EngineHost
  /** Follows the pointer where a photo has no picture of its own yet. */
  readonly dragIconPath: string
}

export function answerWindow({ engine, dragIconPath }: AnswerWindowOptions): void {
  const { controls } = engine
  answer('semblance:chooseFolders', z.tuple([]), async (event) => {
    const properties = ['openDirectory', 'multiSelections'] as const
    return controls.grant(await choose(event, text.chooseFolders, { properties: [...properties] }))
  })
  answer('semblance:chooseArchive', z.tuple([]), async (event) => {
    const filters = [{ name: text.chooseArchive.archives, extensions: ['zip'] }]
    const options: OpenDialogOptions = { properties: ['openFile'], filters }
    return (await controls.grant(await choose(event, text.chooseArchive, options)))[0] ?? null
  })
  answer('semblance:reveal', z.tuple([photoIdSchema]), async (event, photo) => {
    const [path] = await controls.filesOf([photo])
    if (path !== undefined) return shell.showItemInFolder(path)
    await tellNoFile(event)
  })
  take('semblance:connect', z.tuple([]), (event) => engine.connect(event.sender))
  take('semblance:startDrag', z.tuple([dragSchema]), async (event, photos) => {
    const files = await controls.filesOf([...photos])
    const [file] = files
    if (file === undefined) return tellNoFile(event)
    const drawn = await controls.dragIcon(photos[0]!)
    const icon = drawn
      ? nativeImage.createFromDataURL(drawn)
      : nativeImage.createFromPath(dragIconPath).resize({ width: dragIconSize })
    event.sender.startDrag({ file, files, icon })
  })
}

/** Registers the answer to a question. Whoever is not the window's own page gets an error. */
function answer<C extends keyof HostQuestions>(
  channel: C,
  input: z.ZodType<Parameters<HostQuestions[C]>>,
  run: (
    event: IpcMainInvokeEvent,
    ...asked: Parameters<HostQuestions[C]>
  ) => Promise<ReturnType<HostQuestions[C]>>,
): void {
  ipcMain.handle(channel, (event, ...asked) => {
    checkSender(event)
    return run(event, ...input.parse(asked))
  })
}

/** Registers what to do on a message; nobody waits for it, so what goes wrong goes to the log. */
function take<C extends keyof WindowMessages>(
  channel: C,
  input: z.ZodType<WindowMessages[C]>,
  run: (event: IpcMainEvent, ...told: WindowMessages[C]) => unknown,
): void {
  ipcMain.on(channel, async (event, ...told) => {
    try {
      checkSender(event)
      await run(event, ...input.parse(told))
    } catch (error) {
      console.error(`${channel}:`, error)
    }
  })
}

function checkSender({ sender, senderFrame }: IpcMainEvent | IpcMainInvokeEvent): void {
  const own = senderFrame === sender.mainFrame && isOwnAddress(senderFrame.url)
  if (!own) throw new Error('a message that does not come from the window’s own page')
}

interface Words {
  readonly title: string
  readonly button: string
}

async function choose(
  event: IpcMainInvokeEvent,
  words: Words,
  kind: OpenDialogOptions,
): Promise<string[]> {
  const options = { ...kind, title: words.title, buttonLabel: words.button }
  const window = BrowserWindow.fromWebContents(event.sender)
  const { filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options))
  return filePaths
}

async function tellNoFile({ sender }: IpcMainEvent | IpcMainInvokeEvent): Promise<void> {
  const window = BrowserWindow.fromWebContents(sender)
  if (window) await dialog.showMessageBox(window, { type: 'info', ...text.noFile })
}
