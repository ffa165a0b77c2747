/** The models that can be downloaded. A new one is a file and a line here. */
import type { CatalogueEntry } from '../../../../shared/domain/catalogue.js'
import { clipBase16 } from './clipBase16.js'
import { clipBase32 } from './clipBase32.js'
import { clipLarge14 } from './clipLarge14.js'
import { jinaClip } from './jinaClip.js'
import { mobileclipS0 } from './mobileclipS0.js'
import { mobileclipS2 } from './mobileclipS2.js'
import { siglip2Base16 } from './siglip2Base16.js'
import { siglipMultilingual } from './siglipMultilingual.js'

// [Note: where the catalogue's figures come from]
// Commits and checksums are those that independent programs pin for these repositories. Where none
// was found they are null, and what the hub says at the first download is recorded and held to from
// then on. Weights and operations are those of the papers; sizes follow from them.

/** In the order in which they are offered. */
export const catalogue: readonly CatalogueEntry[] = [
  clipBase32,
  siglip2Base16,
  mobileclipS0,
  mobileclipS2,
  clipBase16,
  siglipMultilingual,
  jinaClip,
  clipLarge14,
]
