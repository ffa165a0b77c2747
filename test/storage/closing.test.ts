/** A database closes after the last answer, and refuses at once from then on. */
import { expect, test } from 'vitest'
import { openDatabase } from '../../main/storage/openDatabase.js'
import { addPhotos } from '../support/openLibrary.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

test('what is under way is answered, what comes later is refused at once', async () => {
  const database = await openDatabase(await temporaryFolder())
  await addPhotos(database, ['a', 'b'])
  const asked = Array.from({ length: 20 }, () => database.photos.count())
  const changed = database.transaction(async ({ photos, settings }) => {
    await settings.set('uid', 'kept')
    return photos.count()
  })
  const [, ...answers] = await Promise.all([database.dispose(), ...asked, changed])
  expect(answers).toEqual(Array(21).fill(2))
  await expect(database.photos.count()).rejects.toMatchObject({ code: 'CANCELLED' })
  await expect(database.transaction(async () => 1)).rejects.toMatchObject({ code: 'CANCELLED' })
  await expect(database.shownPhotos.columns().next()).rejects.toMatchObject({ code: 'CANCELLED' })
})
