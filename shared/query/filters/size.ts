/** `size:` photos whose file or picture is larger or smaller than something. */
import type { FilterKind, FilterValue } from './filterKind.js'

export interface SizeValue extends FilterValue {
  /** `pixels`: width times height. */
  readonly of: 'bytes' | 'pixels'
  readonly comparison: '<' | '<=' | '>' | '>='
  readonly amount: number
}

const pattern = /^(<=|>=|<|>|)\s*(\d+(?:\.\d+)?)\s*(b|kb|mb|gb|mp)$/
const factors = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, mp: 1e6 } as const

export const size: FilterKind<SizeValue> = {
  name: 'size',
  description: 'of this size: b, kb, mb, gb of the file, or mp (megapixels) of the picture',
  example: '>5mb',
  values: 'free',
  parse: (text) => {
    const found = pattern.exec(text.toLowerCase())
    if (found === null) {
      return { problem: `"${text}" is no size. Write >5mb, <200kb, or >12mp for megapixels.` }
    }
    const unit = found[3] as keyof typeof factors
    // A size alone means that much at least: hardly any photo has exactly so many bytes.
    const comparison = (found[1] || '>=') as SizeValue['comparison']
    const amount = Math.round(Number(found[2]) * factors[unit])
    return { text, of: unit === 'mp' ? 'pixels' : 'bytes', comparison, amount }
  },
}
