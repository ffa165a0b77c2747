/** Writes a benchmark's section of docs/benchmarks.md, leaving the rest of the page as it is. */
import type { Benchmark, BenchmarkResult, Row } from './benchmark.js'
import type { Machine } from './machine.js'

export interface Measured {
  readonly benchmark: Benchmark
  readonly result: BenchmarkResult
  readonly machine: Machine
  /** Day of the measurement, as 2025-01-31. */
  readonly date: string
}

/** The page with the benchmark's section replaced, or added at its end. */
export function replaceSection(page: string, measured: Measured): string {
  const { name } = measured.benchmark
  const begin = `<!-- bench:${name} (made by "npm run bench ${name} -- --table") -->`
  const end = `<!-- /bench:${name} -->`
  const section = `${begin}\n${formatSection(measured)}\n${end}`
  const from = page.indexOf(`<!-- bench:${name} `)
  const to = page.indexOf(end)
  if (from === -1 || to < from) return `${page.trimEnd()}\n\n${section}\n`
  return page.slice(0, from) + section + page.slice(to + end.length)
}

function formatSection({ benchmark, result, machine, date }: Measured): string {
  const { cpu, cores, memoryGiB, platform, node } = machine
  const parameters = Object.entries(result.parameters).map(([name, value]) => `${name} ${value}`)
  return [
    `## ${benchmark.name}`,
    '',
    benchmark.describe,
    '',
    formatTable(result.rows),
    '',
    `${date}; ${cores} cores (${cpu}), ${memoryGiB} GiB, ${platform}, Node ${node}; ${parameters.join(', ')}.`,
  ].join('\n')
}

function formatTable(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map((column) => formatCell(row[column] ?? null)))),
  ].join('\n')
}

function formatCell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'string') return value.replaceAll('|', '\\|')
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)))
}
