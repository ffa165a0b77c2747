/** What the options of `semblance train` come to. */
import type { Head, TrainingSpec } from '../../../../../shared/domain/training.js'
import type { LossChoices } from '../../../../tuning/lossChoice.js'

export interface TrainOptions extends LossChoices {
  out: string
  from?: string
  method?: TrainingSpec['method']
  head?: Head
  rank?: number
  alpha?: number
  blocks?: number | 'all'
  layers?: 'attention' | 'all'
  tower?: TrainingSpec['tower']
  blend?: TrainingSpec['blend']
  arch?: string
  learnFrom?: 'captions' | 'pictures' | 'both'
  viewWeight?: number
  labels?: 'column' | 'folders'
  balanced?: true
  hardNegatives?: number
  minutes?: number
  epochs?: number
  batch?: number
  accumulate?: number
  layerDecay?: number
  patience?: number
  lr?: number
  optimizer?: TrainingSpec['optimizer']['kind']
  weightDecay?: number
  schedule?: TrainingSpec['schedule']
  warmup?: number
  ema?: number
  seed?: number
  device: 'cpu' | 'webgpu' | 'auto'
  resume?: true
}
