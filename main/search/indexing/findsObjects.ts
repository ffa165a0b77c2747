/** Whether the person wants things looked for in their photos. */
import { defaultSettings } from '../../../shared/domain/settings.js'
import type { Database } from '../../storage/openDatabase.js'

export async function findsObjects({ settings }: Pick<Database, 'settings'>): Promise<boolean> {
  return (await settings.get('preferences')).findObjects ?? defaultSettings.findObjects
}
