/** Lists the files of an app archive (asar): a header in JSON tells of each. */
import { open } from 'node:fs/promises'
import { z } from 'zod'

export interface PackedFile {
  /** From the app's root, with forward slashes. */
  readonly path: string
  readonly sizeBytes: number
  /** Whether it lies beside the archive, where native code can read it. */
  readonly unpacked: boolean
}

interface Entry {
  readonly size?: number | undefined
  readonly unpacked?: boolean | undefined
  readonly files?: Readonly<Record<string, Entry>> | undefined
}

const entrySchema: z.ZodType<Entry> = z.lazy(() =>
  z.object({
    size: z.number().optional(),
    unpacked: z.boolean().optional(),
    files: z.record(z.string(), entrySchema).optional(),
  }),
)

export async function listPackedFiles(archive: string): Promise<PackedFile[]> {
  const file = await open(archive, 'r')
  try {
    // Four lengths of 32 bits stand first, one within the other; the last is that of the JSON text.
    const lengths = (await file.read(Buffer.alloc(16), 0, 16, 0)).buffer
    const length = lengths.readUInt32LE(12)
    const header = (await file.read(Buffer.alloc(length), 0, length, 16)).buffer
    return filesOf(entrySchema.parse(JSON.parse(header.toString('utf8'))), '')
  } finally {
    await file.close()
  }
}

function filesOf(folder: Entry, path: string): PackedFile[] {
  return Object.entries(folder.files ?? {}).flatMap(([name, entry]) => {
    const own = path === '' ? name : `${path}/${name}`
    if (entry.files) return filesOf(entry, own)
    return [{ path: own, sizeBytes: entry.size ?? 0, unpacked: entry.unpacked ?? false }]
  })
}
