/** Integers as databases give them: SQLite as numbers, PostgreSQL its 64-bit ones and counts as text. */
import { z } from 'zod'

export const integer = z.coerce.number().int()
/** Null stays null: coercion alone would make it 0. */
export const nullableInteger = z.union([z.null(), integer])
