/** Relevance on real pictures and words by the model that ships, with loose bars. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { encodeFiles } from '../../../../bench/captionedPictures.js'
import { areaUnderRoc, measureLibrary, type Outcome } from '../../../../bench/measureCalibration.js'
import { iconNames, writeIcons } from '../../../support/iconFolder.js'
import { temporaryFolder } from '../../../support/temporaryFolder.js'

test('what is there is found, and what is not is seldom claimed to be', {
  timeout: 120_000,
}, async () => {
  const folder = await temporaryFolder()
  const names = iconNames().filter((_, i) => i % 8 === 0)
  await writeIcons(folder, Object.fromEntries(names.map((name) => [name, name])))
  const collection = await encodeFiles(
    names.map((name) => ({
      path: join(folder, `${name}.png`),
      captions: [name.replaceAll('-', ' ')],
    })),
  )
  const { present, absent, nonsense, pairs } = await measureLibrary(
    collection,
    collection.pictures,
    150,
  )
  await collection.dispose()
  const share = (outcomes: readonly Outcome[], verdict: Outcome['verdict']) =>
    outcomes.filter((outcome) => outcome.verdict === verdict).length / outcomes.length
  expect(present.length).toBeGreaterThan(100)
  expect(share(present, 'matches')).toBeGreaterThan(0.7)
  expect(share(present, 'nothing')).toBeLessThan(0.15)
  expect(share(absent, 'matches')).toBeLessThan(0.25)
  expect(share(nonsense, 'matches')).toBeLessThan(0.2)
  expect(share(nonsense, 'nothing')).toBeGreaterThan(0.6)
  const relevances = (isMatch: boolean) =>
    pairs.filter((pair) => pair.isMatch === isMatch).map(({ relevance }) => relevance)
  expect(areaUnderRoc(relevances(true), relevances(false))).toBeGreaterThan(0.95)
})
