/** A setting that takes several numbers: `--set sizes=10000,100000`. */
import { z } from 'zod'

/** @param byDefault as given on the command line; @param least of each number */
export function numberList(byDefault: string, least: number) {
  const one = z.coerce.number().int().min(least)
  return z
    .string()
    .default(byDefault)
    .transform((text) => text.split(',').map((number) => one.parse(number)))
}
