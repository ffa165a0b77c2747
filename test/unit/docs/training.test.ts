/** What docs/training.md quotes is what the code says. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../../main/platform/entries.js'

const read = (...path: string[]) => readFileSync(join(projectRoot, ...path), 'utf8')
const page = read('docs', 'training.md')
const quotes = [...page.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)].map(
  ([, file, code]) => [file!, code!] as const,
)
const places = [...page.matchAll(/`((?:main|test|shared)\/[\w/.-]+)`/g)].map(([, place]) => place!)

describe('docs/training.md', () => {
  it('quotes a rule, its cases, a loss and a method', () => {
    expect(quotes.map(([file]) => file)).toHaveLength(4)
  })

  it.each(quotes)('quotes %s as it is', (file, code) => {
    expect(read(file)).toContain(code)
  })

  it.each(places)('names %s, which is there', (place) => {
    expect(() => readFileSync(join(projectRoot, place))).not.toThrow(/ENOENT/)
  })
})
