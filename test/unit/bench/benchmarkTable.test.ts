import { describe, expect, it } from 'vitest'
import { replaceSection } from '../../../bench/benchmarkTable.js'

const machine = { cpu: 'CPU', cores: 2, memoryGiB: 8, platform: 'linux x64', node: '20.19.0' }

function measured(name: string, recall: number) {
  return {
    benchmark: { name, describe: 'What it says.', run: () => Promise.reject(new Error('not run')) },
    result: {
      parameters: { dim: 256 },
      rows: [
        { size: 10_000, recall, note: 'a|b' },
        { size: 100_000, other: null },
      ],
    },
    machine,
    date: '2025-01-31',
  }
}

describe('replaceSection', () => {
  it('adds a section with a column for each figure', () => {
    const page = replaceSection('# Benchmarks\n', measured('search', 0.98765))
    expect(page.startsWith('# Benchmarks\n\n<!-- bench:search ')).toBe(true)
    expect(page).toContain('| size | recall | note | other |\n| --- | --- | --- | --- |')
    expect(page).toContain('| 10000 | 0.988 | a\\|b |  |\n| 100000 |  |  |  |')
    expect(page).toContain(
      '2025-01-31; 2 cores (CPU), 8 GiB, linux x64, Node 20.19.0; dim 256.\n<!-- /bench:search -->\n',
    )
  })

  it('replaces only its own section', () => {
    const first = replaceSection('# Benchmarks\n', measured('search', 0.5))
    const both = `${replaceSection(first, measured('index', 0.25))}\nLast words.\n`
    const again = replaceSection(both, measured('search', 0.75))
    expect(again).toContain('0.75')
    expect(again).not.toContain('| 0.5 |')
    expect(again).toContain('0.25')
    expect(again.endsWith('\nLast words.\n')).toBe(true)
    expect(again.split('<!-- bench:search ').length).toBe(2)
    expect(replaceSection(again, measured('search', 0.75))).toBe(again)
  })
})
