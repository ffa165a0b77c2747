/** What a picture's metadata tell: when, where and with which camera it was taken. */
import exifr from 'exifr'
import { z } from 'zod'
import { cameraTime, dateOfName, localTime } from './takenAt.js'

export interface PhotoMetadata {
  /** Local time, "2024-05-03T12:00:00". */
  takenAt: string
  takenAtSource: 'camera' | 'name' | 'file'
  camera: string | null
  /** Degrees; null without GPS. */
  latitude: number | null
  longitude: number | null
}

const timeoutMs = 5_000

const text = z.string().optional().catch(undefined)
const tagsSchema = z.object({
  DateTimeOriginal: text,
  CreateDate: text,
  Make: text,
  Model: text,
  latitude: z.number().min(-90).max(90).optional().catch(undefined),
  longitude: z.number().min(-180).max(180).optional().catch(undefined),
})
type Tags = z.infer<typeof tagsSchema>

/** Metadata of the picture at `path`. Never fails: what cannot be read is not told. */
export async function readMetadata(path: string, mtimeMs: number): Promise<PhotoMetadata> {
  const tags = await readTags(path)
  const { latitude, longitude } = tags
  const located = latitude !== undefined && longitude !== undefined
  return {
    ...takenAt(tags, path, mtimeMs),
    camera: cameraName(tags),
    latitude: located ? latitude : null,
    longitude: located ? longitude : null,
  }
}

async function readTags(path: string): Promise<Tags> {
  const reading = exifr.parse(path, {
    reviveValues: false,
    pick: [
      'DateTimeOriginal',
      'CreateDate',
      'Make',
      'Model',
      'GPSLatitude',
      'GPSLatitudeRef',
      'GPSLongitude',
      'GPSLongitudeRef',
    ],
  })
  // The reading cannot be stopped; when it takes too long, it goes on unheard.
  const parsed = tagsSchema.safeParse(await withinTime(reading))
  return parsed.success ? parsed.data : {}
}

/** What `reading` gives, or null if it fails or takes too long. */
function withinTime(reading: Promise<unknown>): Promise<unknown> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), timeoutMs)
    reading
      .catch(() => null)
      .then((value) => {
        clearTimeout(timer)
        resolve(value)
      }, resolve)
  })
}

function takenAt(tags: Tags, path: string, mtimeMs: number) {
  const camera = cameraTime(tags.DateTimeOriginal) ?? cameraTime(tags.CreateDate)
  if (camera) return { takenAt: camera, takenAtSource: 'camera' as const }
  const named = dateOfName(path)
  if (named) return { takenAt: named, takenAtSource: 'name' as const }
  return { takenAt: localTime(new Date(mtimeMs)), takenAtSource: 'file' as const }
}

function cameraName({ Make: make, Model: model }: Tags): string | null {
  const clean = (value = '') => value.replace(/\0/g, '').trim()
  const [maker, name] = [clean(make), clean(model)]
  if (name.toLowerCase().startsWith(maker.toLowerCase())) return name || null
  return `${maker} ${name}`.trim() || null
}
