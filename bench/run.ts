/** `npm run bench [names...]`: runs benchmarks, writes JSON, and brings their tables up to date. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { projectRoot } from '../main/platform/entries.js'
import type { Benchmark } from './benchmark.js'
import { benchmarks } from './benchmarks.js'
import { replaceSection } from './benchmarkTable.js'
import { describeMachine } from './machine.js'

const usage = `npm run bench [-- name...] [-- --out file.json] [--table] [--set name=value]...

  --out    write the JSON to a file instead of to stdout
  --table  replace the sections of docs/benchmarks.md
  --set    change a benchmark's setting

${benchmarks.map(({ name, describe }) => `${name}: ${describe}`).join('\n')}
`

const emptyPage = `# Benchmarks

Every table is made by the command named above it. Shares and ratios compare two figures of one run
and carry over to other machines; times do not.
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    table: { type: 'boolean', default: false },
    set: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(usage)
else await runAll(chooseBenchmarks(positionals), parseSettings(values.set))

async function runAll(chosen: readonly Benchmark[], settings: Record<string, string>) {
  const machine = describeMachine()
  const date = new Date().toISOString().slice(0, 10)
  const results: Record<string, unknown> = {}
  for (const benchmark of chosen) {
    console.error(`${benchmark.name} ...`)
    const result = await benchmark.run(settings)
    results[benchmark.name] = result
    if (values.table)
      updatePage((page) => replaceSection(page, { benchmark, result, machine, date }))
  }
  const json = `${JSON.stringify({ date, machine, results }, null, 2)}\n`
  if (values.out === undefined) process.stdout.write(json)
  else writeFileSync(values.out, json)
}

function chooseBenchmarks(names: readonly string[]): readonly Benchmark[] {
  if (names.length === 0) return benchmarks
  return names.map((name) => {
    const found = benchmarks.find((benchmark) => benchmark.name === name)
    if (found === undefined) throw new Error(`no benchmark is called "${name}"\n\n${usage}`)
    return found
  })
}

function parseSettings(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name, ...value] = pair.split('=')
      if (!name || value.length === 0) throw new Error(`--set ${pair}: expected name=value`)
      return [name, value.join('=')]
    }),
  )
}

function updatePage(change: (page: string) => string): void {
  const path = join(projectRoot, 'docs', 'benchmarks.md')
  writeFileSync(path, change(existsSync(path) ? readFileSync(path, 'utf8') : emptyPage))
}
