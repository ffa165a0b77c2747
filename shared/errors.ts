/** Every error a user can meet: its code, the data it carries, and the sentence that says what to do. */
// The small form of zod: the window loads this file too, before anything is seen.
import * as z from 'zod/mini'

/** One kind of error: the zod schema of its data and the message made from it. */
interface ErrorKind<T extends z.ZodMiniType> {
  readonly data: T
  readonly message: (data: z.infer<T>) => string
}

function kind<T extends z.ZodMiniType>(
  data: T,
  message: (data: z.infer<T>) => string,
): ErrorKind<T> {
  return { data, message }
}

const megabytes = (bytes: number) => Math.ceil(bytes / 1e6)

/** The table. A message tells what happened, to which file, and what the user can do. */
export const errorKinds = {
  INVALID_ARGUMENT: kind(
    z.object({ argument: z.string(), problem: z.string() }),
    (d) => `${d.argument}: ${d.problem}`,
  ),
  FILE_NOT_FOUND: kind(
    z.object({ path: z.string() }),
    (d) => `${d.path}: there is no such file or folder. Check the path.`,
  ),
  FILE_UNREADABLE: kind(
    z.object({ path: z.string(), reason: z.string() }),
    (d) => `${d.path}: cannot be read (${d.reason}).`,
  ),
  DISK_FULL: kind(
    z.object({ path: z.string() }),
    (d) =>
      `${d.path}: the disk is full. Free some space and run the command again; nothing is lost.`,
  ),
  IMAGE_UNREADABLE: kind(
    z.object({ path: z.string(), reason: z.string() }),
    (d) => `${d.path}: not a picture that can be read (${d.reason}).`,
  ),
  NO_PICTURES: kind(
    z.object({ path: z.string() }),
    (d) => `${d.path}: no pictures found in this folder or below it.`,
  ),
  NO_CAPTIONS: kind(
    z.object({ path: z.string() }),
    (d) =>
      `${d.path}: no words found for its pictures. Name the files or folders after what they show, or add captions.csv.`,
  ),
  CAPTION_FILE_INVALID: kind(
    z.object({ path: z.string(), line: z.number(), reason: z.string() }),
    (d) => `${d.path}, line ${d.line}: ${d.reason}`,
  ),
  MODEL_INVALID: kind(
    z.object({ path: z.string(), reason: z.string() }),
    (d) => `${d.path}: not a usable model (${d.reason}).`,
  ),
  MODEL_NOT_FOUND: kind(
    z.object({ model: z.string() }),
    (d) => `No model is known as "${d.model}". "semblance models list" shows those that are.`,
  ),
  ONNX_INVALID: kind(
    z.object({ path: z.string(), reason: z.string() }),
    (d) => `${d.path}: not a valid ONNX file (${d.reason}).`,
  ),
  OP_UNSUPPORTED: kind(
    z.object({ opType: z.string(), opset: z.number(), where: z.string() }),
    (d) => `${d.where} does not know the ONNX operator ${d.opType} (opset ${d.opset}).`,
  ),
  GRADIENT_RULE_MISSING: kind(
    z.object({ opType: z.string(), opset: z.number() }),
    (d) => `No gradient rule for the ONNX operator ${d.opType} (opset ${d.opset}).`,
  ),
  SHAPE_MISMATCH: kind(
    z.object({ where: z.string(), problem: z.string() }),
    (d) => `${d.where}: ${d.problem}`,
  ),
  CHECKPOINT_INVALID: kind(
    z.object({ path: z.string(), reason: z.string() }),
    (d) =>
      `${d.path}: this checkpoint cannot be continued (${d.reason}). Start again without --resume.`,
  ),
  TRAINER_CRASHED: kind(
    z.object({ reason: z.string(), checkpoint: z.nullable(z.string()) }),
    (d) =>
      `The trainer stopped unexpectedly (${d.reason}).${d.checkpoint ? ` Continue from ${d.checkpoint} with --resume.` : ''}`,
  ),
  RUN_LOCKED: kind(
    z.object({ path: z.string(), pid: z.number() }),
    (d) =>
      `Process ${d.pid} is training here already. If it is none of Semblance's, remove ${d.path}.`,
  ),
  TRAINING_DIVERGED: kind(
    z.object({ step: z.number() }),
    (d) => `The loss stopped being a number at step ${d.step}. Use a smaller --lr.`,
  ),
  DEVICE_UNAVAILABLE: kind(
    z.object({ device: z.string(), reason: z.string() }),
    (d) => `The device "${d.device}" cannot be used here (${d.reason}).`,
  ),
  LIBRARY_LOCKED: kind(
    z.object({ path: z.string(), pid: z.number() }),
    (d) => `${d.path}: another Semblance (process ${d.pid}) is using this library. Close it first.`,
  ),
  LIBRARY_CORRUPT: kind(
    z.object({ path: z.string(), reason: z.string() }),
    (d) => `${d.path}: the library cannot be opened (${d.reason}).`,
  ),
  LIBRARY_AWAY: kind(
    z.object({ path: z.string() }),
    (d) =>
      `${d.path}: the library was moved to this folder, which is not there now. Connect its disk and try again.`,
  ),
  LIBRARY_EMPTY: kind(
    z.object({ path: z.string() }),
    (d) =>
      `${d.path}: this library has no pictures yet. Add a folder with "semblance add <folder>".`,
  ),
  NOT_INDEXED: kind(
    z.object({ model: z.string() }),
    (d) => `Nothing is indexed with the model "${d.model}" yet. Run "semblance index".`,
  ),
  PHOTO_NOT_FOUND: kind(
    z.object({ photo: z.string() }),
    (d) => `No photo in the library is "${d.photo}". Give its path or its id.`,
  ),
  SOURCE_UNAVAILABLE: kind(
    z.object({ name: z.string(), reason: z.string() }),
    (d) => `The package ${d.name} could not be fetched (${d.reason}). Run the command again.`,
  ),
  SOURCE_ALTERED: kind(
    z.object({ name: z.string(), expected: z.string(), found: z.string() }),
    (d) =>
      `The package ${d.name} is not the one in the list (checksum ${d.found}, expected ${d.expected}).`,
  ),
  HUB_UNREACHABLE: kind(
    z.object({ address: z.string(), reason: z.string() }),
    (d) =>
      `${d.address} could not be reached (${d.reason}). Check the connection, the proxy and the address of the hub, and try again; what is downloaded is kept.`,
  ),
  HUB_REFUSED: kind(
    z.object({ address: z.string(), status: z.number() }),
    (d) =>
      `${d.address}: the hub does not give this file (status ${d.status}). Check the address of the hub, or try again later.`,
  ),
  DOWNLOAD_ALTERED: kind(
    z.object({ file: z.string(), expected: z.string(), found: z.string() }),
    (d) =>
      `${d.file} is not the file that was expected (checksum ${d.found}, expected ${d.expected}) and was not taken. Check the address of the hub, and try again.`,
  ),
  ARCHIVE_INVALID: kind(
    z.object({ path: z.string(), reason: z.string() }),
    (d) => `${d.path}: not an archive of a model that can be unpacked (${d.reason}).`,
  ),
  DISK_SHORT: kind(
    z.object({ path: z.string(), neededBytes: z.number(), freeBytes: z.number() }),
    (d) =>
      `${d.path}: this needs ${megabytes(d.neededBytes)} MB and the disk has ${megabytes(d.freeBytes)} MB free. Free some space and try again; what is there already is kept.`,
  ),
  CANCELLED: kind(z.object({ what: z.string() }), (d) => `${d.what} was cancelled.`),
} as const

export type ErrorCode = keyof typeof errorKinds
export type ErrorData<C extends ErrorCode> = z.infer<(typeof errorKinds)[C]['data']>

/** An error meant for the user; anything else that is thrown is a defect. */
export class AppError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'AppError'
  readonly code: C
  readonly data: ErrorData<C>

  constructor(code: C, data: ErrorData<C>, options?: ErrorOptions) {
    super((errorKinds[code].message as (d: ErrorData<C>) => string)(data), options)
    this.code = code
    this.data = data
  }
}

/** Whether `error` is an AppError, of the given code if one is given. */
export function isAppError<C extends ErrorCode = ErrorCode>(
  error: unknown,
  code?: C,
): error is AppError<C> {
  return error instanceof AppError && (code === undefined || error.code === code)
}

/** The plain form of an AppError that crosses a process or thread boundary. */
export const wireErrorSchema = z.object({
  code: z.string(),
  data: z.unknown(),
  message: z.string(),
  stack: z.optional(z.string()),
})
export type WireError = z.infer<typeof wireErrorSchema>

/** Makes any thrown value fit to cross a process or thread boundary. */
export function toWireError(error: unknown): WireError {
  if (error instanceof AppError) {
    return { code: error.code, data: error.data, message: error.message }
  }
  const message = error instanceof Error ? error.message : String(error)
  const stack = error instanceof Error ? error.stack : undefined
  return { code: 'DEFECT', data: null, message, ...(stack === undefined ? {} : { stack }) }
}

/** The inverse of `toWireError`: an AppError again where it was one, otherwise a plain Error. */
export function fromWireError(wire: WireError): Error {
  if (wire.code in errorKinds) {
    const code = wire.code as ErrorCode
    const parsed = errorKinds[code].data.safeParse(wire.data)
    if (parsed.success) return new AppError(code, parsed.data as ErrorData<typeof code>)
  }
  const error = new Error(wire.message)
  if (wire.stack !== undefined) error.stack = wire.stack
  return error
}
