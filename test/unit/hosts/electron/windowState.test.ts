import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openWindowState, visibleBounds } from '../../../../main/hosts/electron/windowState.js'
import { temporaryFolder } from '../../../support/temporaryFolder.js'

const left = { x: 0, y: 0, width: 1_920, height: 1_040 }
const right = { x: 1_920, y: 0, width: 1_280, height: 984 }
const firstStart = { bounds: null, maximized: false, theme: 'system' }

test('a window stands where it stood, as long as it can be grasped there', () => {
  const bounds = { x: 2_000, y: 100, width: 1_000, height: 700 }
  expect(visibleBounds(bounds, [left, right])).toEqual(bounds)
  // Its display has been taken away.
  expect(visibleBounds(bounds, [left])).toBeNull()
  // Only a corner of it would be seen.
  expect(visibleBounds({ ...bounds, x: 1_900 }, [left])).toBeNull()
  expect(visibleBounds(null, [left])).toBeNull()
})

test('a window is no larger than its display, and no smaller than its views need', () => {
  const bounds = { x: 10, y: 10, width: 3_000, height: 2_000 }
  expect(visibleBounds(bounds, [right, left])).toEqual({ ...bounds, width: 1_920, height: 1_040 })
  const tiny = { x: 10, y: 10, width: 300, height: 200 }
  expect(visibleBounds(tiny, [left])).toEqual({ ...tiny, width: 900, height: 600 })
})

test('what is kept is read again, and what is damaged is a first start', async () => {
  const path = join(await temporaryFolder(), 'host', 'window.json')
  const first = await openWindowState(path)
  expect(first.current).toEqual(firstStart)
  first.change({ maximized: true })
  first.change({ bounds: left, theme: 'dark' })
  await first.saved()
  const kept = { bounds: left, maximized: true, theme: 'dark' }
  expect((await openWindowState(path)).current).toEqual(kept)

  const text = await readFile(path, 'utf8')
  for (const damaged of [text.slice(0, 20), text.replace('1920', '-1'), '']) {
    await writeFile(path, damaged)
    expect((await openWindowState(path)).current).toEqual(firstStart)
  }
})
