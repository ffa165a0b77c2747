/** What a picture's metadata tell: when, where and how it was taken, and in which words. */
import { z } from 'zod'
import { cameraTime, dateOfName, localTime, zoneMinutesOf } from './takenAt.js'

export interface PhotoMetadata {
  /** Local time, "2024-05-03T12:00:00". */
  takenAt: string
  takenAtSource: 'camera' | 'name' | 'file'
  /** Offset of `takenAt` from UTC; null unless the camera told it. */
  zoneMinutes: number | null
  camera: string | null
  lens: string | null
  exposureSeconds: number | null
  fNumber: number | null
  iso: number | null
  focalLengthMm: number | null
  /** Degrees; null without GPS. */
  latitude: number | null
  longitude: number | null
}

/** Words that stand in the file itself (XMP, IPTC). */
export interface EmbeddedWords {
  readonly captions: readonly string[]
  readonly tags: readonly string[]
}

export interface ReadMetadata {
  readonly metadata: PhotoMetadata
  readonly words: EmbeddedWords
}

const timeoutMs = 5_000
/** More words than this in one file are no description. */
const wordLimit = 200
const wordLength = 2_000

const text = z.string().optional().catch(undefined)
const positive = z.number().positive().optional().catch(undefined)
const words = z
  .union([
    z.string().transform((word) => [word]),
    z.object({ value: z.string() }).transform(({ value }) => [value]),
    z.array(z.union([z.string(), z.object({ value: z.string() }).transform((one) => one.value)])),
  ])
  .catch([])

const segmentsSchema = z.object({
  ifd0: z.object({ Make: text, Model: text }).catch({}),
  exif: z
    .object({
      DateTimeOriginal: text,
      CreateDate: text,
      OffsetTimeOriginal: text,
      OffsetTime: text,
      LensModel: text,
      ExposureTime: positive,
      FNumber: positive,
      ISO: positive,
      FocalLength: positive,
    })
    .catch({}),
  gps: z
    .object({
      latitude: z.number().min(-90).max(90).optional().catch(undefined),
      longitude: z.number().min(-180).max(180).optional().catch(undefined),
    })
    .catch({}),
  dc: z.object({ description: words, subject: words }).catch({ description: [], subject: [] }),
  iptc: z.object({ Caption: words, Keywords: words }).catch({ Caption: [], Keywords: [] }),
})
type Segments = z.infer<typeof segmentsSchema>

/**
 * Metadata of the picture that `bytes` are, which stands at `path`. Never fails: what cannot be read
 * is not told.
 */
export async function readMetadata(
  bytes: Uint8Array,
  path: string,
  mtimeMs: number,
): Promise<ReadMetadata> {
  const segments = await readSegments(bytes)
  const { exif, gps } = segments
  const located = gps.latitude !== undefined && gps.longitude !== undefined
  return {
    metadata: {
      ...takenAt(segments, path, mtimeMs),
      camera: cameraName(segments.ifd0),
      lens: clean(exif.LensModel) || null,
      exposureSeconds: exif.ExposureTime ?? null,
      fNumber: exif.FNumber ?? null,
      iso: exif.ISO === undefined ? null : Math.round(exif.ISO),
      focalLengthMm: exif.FocalLength ?? null,
      latitude: located ? gps.latitude! : null,
      longitude: located ? gps.longitude! : null,
    },
    words: embeddedWords(segments),
  }
}

async function readSegments(bytes: Uint8Array): Promise<Segments> {
  const { default: exifr } = await import('exifr')
  const reading = exifr.parse(bytes, {
    reviveValues: false,
    mergeOutput: false,
    xmp: true,
    iptc: true,
    gps: true,
    ifd0: { pick: ['Make', 'Model'] },
    exif: {
      pick: [
        'DateTimeOriginal',
        'CreateDate',
        'OffsetTimeOriginal',
        'OffsetTime',
        'LensModel',
        'ExposureTime',
        'FNumber',
        'ISO',
        'FocalLength',
      ],
    },
  })
  // The reading cannot be stopped; when it takes too long, it goes on unheard.
  return segmentsSchema.parse((await withinTime(reading)) ?? {})
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

function takenAt({ exif }: Segments, path: string, mtimeMs: number) {
  const camera = cameraTime(exif.DateTimeOriginal) ?? cameraTime(exif.CreateDate)
  if (camera) {
    const zone = zoneMinutesOf(exif.OffsetTimeOriginal) ?? zoneMinutesOf(exif.OffsetTime)
    return { takenAt: camera, takenAtSource: 'camera' as const, zoneMinutes: zone }
  }
  const named = dateOfName(path)
  if (named) return { takenAt: named, takenAtSource: 'name' as const, zoneMinutes: null }
  const written = localTime(new Date(mtimeMs))
  return { takenAt: written, takenAtSource: 'file' as const, zoneMinutes: null }
}

function clean(value = ''): string {
  return value.replace(/\0/g, '').trim()
}

function cameraName({ Make, Model }: Segments['ifd0']): string | null {
  const [maker, name] = [clean(Make), clean(Model)]
  if (name.toLowerCase().startsWith(maker.toLowerCase())) return name || null
  return `${maker} ${name}`.trim() || null
}

/** IPTC often repeats XMP: each word once, and IPTC's only where XMP has none. */
function embeddedWords({ dc, iptc }: Segments): EmbeddedWords {
  return {
    captions: tidy(dc.description.length > 0 ? dc.description : iptc.Caption),
    tags: tidy(dc.subject.length > 0 ? dc.subject : iptc.Keywords),
  }
}

/** XMP's name for "in no language", which some programs write in the place of the words. */
const noLanguage = 'x-default'

function tidy(texts: readonly string[]): string[] {
  const cleaned = texts
    .map(clean)
    .filter((one) => one !== '' && one !== noLanguage && one.length <= wordLength)
  return [...new Set(cleaned)].slice(0, wordLimit)
}
