/** The exit status of the command line for each kind of error. */
import { type ErrorCode, isAppError } from '../../../shared/errors.js'

/** Statuses by what a script can do about them; `--help` prints this table. */
export const exitCodes = {
  ok: 0,
  defect: 1,
  usage: 2,
  notFound: 3,
  badInput: 4,
  badModel: 5,
  libraryUnavailable: 6,
  diskFull: 7,
  trainingFailed: 8,
  deviceUnavailable: 9,
  networkFailed: 10,
  cancelled: 130,
} as const

const byCode: Record<ErrorCode, keyof typeof exitCodes> = {
  INVALID_ARGUMENT: 'usage',
  FILE_NOT_FOUND: 'notFound',
  FILE_UNREADABLE: 'badInput',
  DISK_FULL: 'diskFull',
  IMAGE_UNREADABLE: 'badInput',
  NO_PICTURES: 'badInput',
  NO_CAPTIONS: 'badInput',
  CAPTION_FILE_INVALID: 'badInput',
  MODEL_INVALID: 'badModel',
  MODEL_NOT_FOUND: 'notFound',
  ONNX_INVALID: 'badModel',
  OP_UNSUPPORTED: 'badModel',
  GRADIENT_RULE_MISSING: 'badModel',
  SHAPE_MISMATCH: 'badModel',
  CHECKPOINT_INVALID: 'trainingFailed',
  TRAINER_CRASHED: 'trainingFailed',
  RUN_LOCKED: 'trainingFailed',
  TRAINING_DIVERGED: 'trainingFailed',
  DEVICE_UNAVAILABLE: 'deviceUnavailable',
  LIBRARY_LOCKED: 'libraryUnavailable',
  LIBRARY_CORRUPT: 'libraryUnavailable',
  LIBRARY_AWAY: 'libraryUnavailable',
  LIBRARY_EMPTY: 'notFound',
  NOT_INDEXED: 'notFound',
  PHOTO_NOT_FOUND: 'notFound',
  SOURCE_UNAVAILABLE: 'notFound',
  SOURCE_ALTERED: 'badInput',
  HUB_UNREACHABLE: 'networkFailed',
  HUB_REFUSED: 'networkFailed',
  DOWNLOAD_ALTERED: 'badModel',
  ARCHIVE_INVALID: 'badModel',
  DISK_SHORT: 'diskFull',
  CANCELLED: 'cancelled',
}

/** The exit status for anything thrown; what is not an AppError is a defect. */
export function exitCodeOf(error: unknown): number {
  return isAppError(error) ? exitCodes[byCode[error.code]] : exitCodes.defect
}

/** The lines that `semblance --help` ends with. */
export function describeExitCodes(): string {
  const rows = Object.entries(exitCodes).map(
    ([name, code]) => `  ${String(code).padStart(3)}  ${name}`,
  )
  return `\nExit codes:\n${rows.join('\n')}\n`
}
