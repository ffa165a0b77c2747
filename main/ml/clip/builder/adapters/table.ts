/** All kinds of adapters, by the head that a run asks for. */
import type { Head } from '../../../../../shared/domain/training.js'
import type { AdapterKind } from './adapter.js'
import { linearAdapter } from './linearAdapter.js'
import { mlpAdapter } from './mlpAdapter.js'

export const adapterKinds: Readonly<Record<Head, AdapterKind>> = {
  linear: linearAdapter,
  mlp: mlpAdapter,
}
