/** Every command explains itself, and README knows each command and each option. */
import { access, constants, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { createCli } from '../../main/hosts/cli/cli.js'
import { commands } from '../../main/hosts/cli/commands/table.js'
import { exitCodes } from '../../main/hosts/cli/exitCodes.js'
import { projectRoot } from '../../main/platform/entries.js'
import { runForText, runSemblance } from '../support/commandLine.js'

interface Documented {
  /** As it is typed, such as "models use". */
  readonly name: string
  readonly command: Command
}

const cli = createCli(process, () => ({ json: false, library: undefined }), AbortSignal.any([]))
const documented: readonly Documented[] = commands.flatMap((make): Documented[] => {
  const command = make(cli)
  const children = command.commands.map((child) => ({
    name: `${command.name()} ${child.name()}`,
    command: child,
  }))
  return [{ name: command.name(), command }, ...children]
})

test.each(documented)('semblance $name --help tells what it takes', async ({ name, command }) => {
  const help = await runForText([...name.split(' '), '--help'])
  expect(help).toMatch(`Usage: semblance ${name}`)
  expect(help.replace(/\s+/g, ' ')).toContain(command.description())
  for (const option of command.options) {
    expect(help).toContain(option.flags)
    expect(option.description, option.flags).not.toBe('')
  }
  for (const argument of command.registeredArguments) {
    expect(argument.description, argument.name()).not.toBe('')
  }
  for (const option of ['--json', '--library']) expect(help).toContain(option)
})

test('semblance --help lists every command and every exit code', async () => {
  const help = await runForText(['--help'])
  for (const { command, name } of documented) {
    if (!name.includes(' ')) expect(help).toMatch(new RegExp(`^  ${command.name()} `, 'm'))
  }
  for (const [name, code] of Object.entries(exitCodes)) {
    expect(help).toMatch(new RegExp(`^ +${code}  ${name}$`, 'm'))
  }
})

test.each(documented)(
  'README documents semblance $name with its options',
  async ({ name, command }) => {
    const readme = await readFile(join(projectRoot, 'README.md'), 'utf8')
    const rows = readme.split('\n').filter((line) => line.startsWith('| `'))
    const row = rows.find((line) => new RegExp(`\`${name}[\` ]`).test(line))
    expect(row, `README has a table row for "${name}"`).toBeDefined()
    for (const option of command.options) {
      expect(row, `README's row for "${name}" tells of ${option.long}`).toContain(option.long)
    }
    for (const option of ['--json', '--library', 'SEMBLANCE_HOME']) expect(readme).toContain(option)
  },
)

test.each([
  [['nonsense'], /unknown command/],
  [['search', 'cat', '--nonsense'], /unknown option/],
  [['add'], /missing required argument/],
  [['train', 'somewhere'], /--out/],
  [['embed'], /--text or --image/],
  [['search', 'cat', '--limit', 'none'], /--limit: "none" is not a whole number above 0/],
  [['train', 'x', '--out', 'y', '--method', 'slow'], /"slow" is not one of scratch, quick/],
])('semblance %j is a usage error', async (args, message) => {
  const { exitCode, stdout, stderr } = await runSemblance(args)
  expect(exitCode).toBe(exitCodes.usage)
  expect(stdout).toBe('')
  expect(stderr).toMatch(message)
})

test('`npx semblance` can be run after a build, not only after an install', async () => {
  await access(join(projectRoot, 'dist', 'app', 'semblance.js'), constants.X_OK)
})
