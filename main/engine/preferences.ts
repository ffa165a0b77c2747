/** What a person has set, over how things come. */
import { defaultSettings, type Settings, settingsSchema } from '../../shared/domain/settings.js'
import type { Changes } from './changes.js'
import type { LibraryOpener } from './openLibrary.js'

/** Some of the settings; what is undefined stays. */
export type SettingsChange = { readonly [K in keyof Settings]?: Settings[K] | undefined }

export interface Preferences {
  get(): Promise<Settings>
  /** Changes some of them and tells everybody. */
  set(change: SettingsChange): Promise<Settings>
}

export interface PreferencesDependencies {
  readonly library: LibraryOpener
  readonly changes: Changes
}

export function createPreferences({ library, changes }: PreferencesDependencies): Preferences {
  async function get(): Promise<Settings> {
    const { database } = await library.open()
    const chosen = await database.settings.get('preferences')
    return settingsSchema.parse({ ...defaultSettings, ...chosen })
  }
  return {
    get,
    async set(change) {
      const { database } = await library.open()
      const chosen = await database.settings.get('preferences')
      const given = Object.entries(change).filter(([, value]) => value !== undefined)
      await database.settings.set('preferences', { ...chosen, ...Object.fromEntries(given) })
      const settings = await get()
      changes.emit({ type: 'settings', settings })
      return settings
    },
  }
}
