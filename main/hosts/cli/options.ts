/** Readers of option values, with an error that names the option. */
import { AppError } from '../../../shared/errors.js'

/** Reads a whole number above zero. */
export function readPositiveInteger(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < 1) {
      throw new AppError('INVALID_ARGUMENT', {
        argument: option,
        problem: `"${text}" is not a whole number above 0`,
      })
    }
    return value
  }
}

/** Reads a number above zero. */
export function readPositiveNumber(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!Number.isFinite(value) || value <= 0) {
      throw new AppError('INVALID_ARGUMENT', {
        argument: option,
        problem: `"${text}" is not a number above 0`,
      })
    }
    return value
  }
}

/** Reads a number from 0 to 1. */
export function readShare(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() === '' || !(value >= 0 && value <= 1)) {
      throw new AppError('INVALID_ARGUMENT', {
        argument: option,
        problem: `"${text}" is not a number from 0 to 1`,
      })
    }
    return value
  }
}

/** Takes one word as it is, and reads anything else. */
export function readOr<T, W extends string>(
  word: W,
  read: (text: string) => T,
): (text: string) => T | W {
  return (text) => (text === word ? word : read(text))
}

/** Reads a whole number. */
export function readInteger(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!Number.isSafeInteger(value)) {
      throw new AppError('INVALID_ARGUMENT', {
        argument: option,
        problem: `"${text}" is not a whole number`,
      })
    }
    return value
  }
}

/** Reads one of the given words. */
export function readChoice<T extends string>(
  option: string,
  choices: readonly T[],
): (text: string) => T {
  return (text) => {
    const found = choices.find((choice) => choice === text)
    if (found === undefined) {
      throw new AppError('INVALID_ARGUMENT', {
        argument: option,
        problem: `"${text}" is not one of ${choices.join(', ')}`,
      })
    }
    return found
  }
}
