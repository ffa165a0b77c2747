/**
 * Features on disk: one file for each group of pictures, whole or absent, of
 * `[pictures, views, merged cells, channels]` bytes.
 */
import { openSync, readSync } from 'node:fs'
import { mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mergedLength } from '../backbone/mergeCells.js'

/** Pictures in one file. */
export const groupSize = 128
/** Views of each picture; the first one is the plain view. */
export const viewCount = 4
/**
 * Features have mean 0 and spread 1 and are clipped to this; one byte each then rounds by a
 * hundredth of their spread, far less than what two views of a picture differ by.
 */
export const featureLimit = 6
const step = featureLimit / 127

export function groupPath(folder: string, group: number): string {
  return join(folder, `features-${String(group).padStart(4, '0')}.bin`)
}

/** Whether the group is there with all its pictures. */
export async function hasGroup(folder: string, group: number, pictures: number): Promise<boolean> {
  const wanted = pictures * viewCount * mergedLength
  return stat(groupPath(folder, group)).then(
    (found) => found.size === wanted,
    () => false,
  )
}

export async function writeGroup(
  folder: string,
  group: number,
  features: Int8Array,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  const path = groupPath(folder, group)
  await writeFile(`${path}.part`, features)
  await rename(`${path}.part`, path)
}

/** Rounds features to bytes. */
export function quantise(features: Float32Array, target: Int8Array, offset: number): void {
  for (let i = 0; i < features.length; i++) {
    target[offset + i] = Math.round(Math.max(-127, Math.min(127, features[i]! / step)))
  }
}

/** Reads single views of single pictures. */
export interface FeatureReader {
  /** Writes the merged cells, `[16, channels]`, at `offset` of `target`. */
  read(picture: number, view: number, target: Float32Array, offset: number): void
}

export function openFeatures(folder: string): FeatureReader {
  const files = new Map<number, number>()
  const record = new Int8Array(mergedLength)
  return {
    read(picture, view, target, offset) {
      const group = Math.floor(picture / groupSize)
      const file = files.get(group) ?? openSync(groupPath(folder, group), 'r')
      files.set(group, file)
      const index = (picture % groupSize) * viewCount + view
      readSync(file, record, 0, mergedLength, index * mergedLength)
      for (let i = 0; i < mergedLength; i++) target[offset + i] = record[i]! * step
    },
  }
}

/** The pictures of `second` come after the `count` pictures of `first`. */
export function joinFeatures(
  first: FeatureReader,
  count: number,
  second: FeatureReader,
): FeatureReader {
  return {
    read(picture, view, target, offset) {
      if (picture < count) first.read(picture, view, target, offset)
      else second.read(picture - count, view, target, offset)
    },
  }
}
