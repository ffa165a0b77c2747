/** Where models are downloaded from, and by which way. */
import type { Database } from '../../storage/openDatabase.js'

export const usualHub = 'https://huggingface.co'

export interface HubSettings {
  /** Without a slash at its end. */
  readonly endpoint: string
  /** Null for what the environment says. */
  readonly proxy: string | null
}

/** What the person has set; else HF_ENDPOINT, as other programs have it; else the hub itself. */
export async function readHubSettings(
  { settings }: Pick<Database, 'settings'>,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<HubSettings> {
  const { hubAddress, proxyAddress } = await settings.get('preferences')
  const endpoint = hubAddress || environment.HF_ENDPOINT || usualHub
  return { endpoint: endpoint.replace(/\/+$/, ''), proxy: proxyAddress || null }
}
