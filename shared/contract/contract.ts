/** Everything that a window, a browser or the command line may ask of the engine. */
import type {
  ContractRouterClient,
  InferContractRouterInputs,
  InferContractRouterOutputs,
} from '@orpc/contract'
import { events } from './events.js'
import { jobs } from './jobs.js'
import { library } from './library.js'
import { models } from './models.js'
import { photos } from './photos.js'
import { search } from './search.js'
import { settings } from './settings.js'
import { teach } from './teach.js'

export const contract = { library, photos, search, jobs, models, teach, settings, events }

/** The engine, as a client sees it over any transport. */
export type EngineClient = ContractRouterClient<typeof contract>

/** What each call is given, once checked. */
export type CallInputs = InferContractRouterInputs<typeof contract>
/** What each call gives. */
export type CallOutputs = InferContractRouterOutputs<typeof contract>
