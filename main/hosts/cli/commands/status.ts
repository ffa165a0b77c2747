/** `semblance status`: what the library holds and what could not be read. */
import { Command } from 'commander'
import type { LibraryStatus } from '../../../../shared/domain/library.js'
import type { Cli } from '../cli.js'
import { formatCount, formatTable, printable } from '../output/format.js'

const failuresShown = 20

export function statusCommand(cli: Cli): Command {
  return new Command('status')
    .description('show folders, photos, models, and files that could not be read')
    .action(async () => {
      const { client } = await cli.engine()
      const status = await cli.interruptible(client.library.status())
      cli.result(status, () => describe(status))
    })
}

function describe(status: LibraryStatus): string {
  const parts = [
    `Library ${printable(status.path)}: ${formatCount(status.photos, 'photo')}, ${status.toIndex} still to index.`,
  ]
  if (status.roots.length > 0) {
    const rows = status.roots.map((root) => [
      root.path,
      root.state,
      String(root.files),
      String(root.missing),
      String(root.failed),
    ])
    parts.push(formatTable(['folder', 'state', 'files', 'missing', 'failed'], rows))
  }
  if (status.models.length > 0) {
    const rows = status.models.map((model) => [
      model.active ? '*' : '',
      model.name,
      model.id,
      String(model.indexed),
    ])
    parts.push(formatTable(['', 'model', 'id', 'indexed'], rows))
  }
  parts.push(describeDevice(status.device))
  if (status.failed.length > 0) parts.push(describeFailures(status))
  return parts.join('\n\n')
}

const devices = { cpu: 'the CPU', webgpu: 'the graphics device' } as const

function describeDevice({ wanted, device, notice }: LibraryStatus['device']): string {
  const place = device === null ? 'not known before it has run' : devices[device]
  return `Encoders run on: ${place} (set: ${wanted}).${notice === null ? '' : ` ${notice}`}`
}

function describeFailures(status: LibraryStatus): string {
  const shown = status.failed.slice(0, failuresShown).map((file) => [file.path, file.reason])
  const total = status.failures.reduce((sum, { count }) => sum + count, 0)
  const more = total - shown.length
  const listed = total === status.failed.length ? 'all' : `the first ${status.failed.length}`
  return (
    formatTable(['could not be read', 'why'], shown) +
    (more > 0 ? `\n… and ${more} more (--json lists ${listed})` : '')
  )
}
