/** What a person can set, and where the library's things lie. */
import { defaultSettings, type Settings, settingsSchema } from '../../../shared/domain/settings.js'
import type { Changes } from '../changes.js'
import type { LibraryOpener } from '../openLibrary.js'

export interface Preferences {
  get(): Promise<Settings>
  /** Changes some of them and tells everybody. */
  set(change: Partial<Settings>): Promise<Settings>
}

export function createPreferences(dependencies: {
  readonly library: LibraryOpener
  readonly changes: Changes
}): Preferences {
  const { library, changes } = dependencies
  async function get(): Promise<Settings> {
    const { database } = await library.open()
    return settingsSchema.parse({
      ...defaultSettings,
      ...(await database.settings.get('preferences')),
    })
  }
  return {
    get,
    async set(change) {
      const { database } = await library.open()
      const chosen = await database.settings.get('preferences')
      await database.settings.set('preferences', { ...chosen, ...change })
      const settings = await get()
      changes.emit({ type: 'settings', settings })
      return settings
    },
  }
}
