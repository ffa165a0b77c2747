/** Writes and reads config.json, the description of a model in the Hugging Face layout. */
import { z } from 'zod'

/** What config.json tells of a model built here. */
export interface ConfigFacts {
  readonly embeddingDim: number
  readonly imageSize: number
  /** Widths of the pooled features. */
  readonly imageWidth: number
  readonly textWidth: number
  readonly vocabSize: number
  readonly contextLength: number
  readonly logitScale: number
}

/** The contents of config.json, with which other programs load the encoders as CLIP's. */
export function describeConfig(facts: ConfigFacts): Record<string, unknown> {
  const end = facts.vocabSize - 1
  return {
    model_type: 'clip',
    architectures: ['CLIPModel'],
    projection_dim: facts.embeddingDim,
    logit_scale_init_value: facts.logitScale,
    text_config: {
      model_type: 'clip_text_model',
      hidden_size: facts.textWidth,
      projection_dim: facts.embeddingDim,
      vocab_size: facts.vocabSize,
      max_position_embeddings: facts.contextLength,
      bos_token_id: end - 1,
      eos_token_id: end,
      pad_token_id: end,
    },
    vision_config: {
      model_type: 'clip_vision_model',
      hidden_size: facts.imageWidth,
      projection_dim: facts.embeddingDim,
      image_size: facts.imageSize,
      num_channels: 3,
    },
  }
}

/** No encoder is as wide, and none reads pictures as large. */
const size = z.number().int().positive().max(65_536)

/** The parts of config.json that matter here; exports of other models leave many of them out. */
export const configSchema = z.looseObject({
  model_type: z.string(),
  projection_dim: size.optional(),
  logit_scale_init_value: z.number().optional(),
  text_config: z.looseObject({ max_position_embeddings: size.optional() }).optional(),
  vision_config: z
    .looseObject({ hidden_size: size.optional(), image_size: size.optional() })
    .optional(),
})
export type ModelConfig = z.infer<typeof configSchema>

/** What Hugging Face takes where config.json is silent, by kind of model. */
const defaults = {
  clip: { embeddingDim: 512, contextLength: 77, logitScale: 2.6592 },
  // SigLIP has no projection: an embedding is the pooled feature.
  siglip: { embeddingDim: 768, contextLength: 64, logitScale: Math.log(10) },
} as const

/** Whether the model is of SigLIP's kind: no projection, texts always padded to their full length. */
export function isSiglip(config: ModelConfig): boolean {
  return config.model_type.startsWith('siglip')
}

export interface StatedDims {
  readonly embeddingDim: number
  readonly contextLength: number
  readonly logitScale: number
}

/** Dimensions of a model that has no semblance.json. */
export function statedDims(config: ModelConfig): StatedDims {
  const siglip = isSiglip(config)
  const fallback = siglip ? defaults.siglip : defaults.clip
  const stated = siglip ? config.vision_config?.hidden_size : config.projection_dim
  return {
    embeddingDim: stated ?? fallback.embeddingDim,
    contextLength: config.text_config?.max_position_embeddings ?? fallback.contextLength,
    logitScale: config.logit_scale_init_value ?? fallback.logitScale,
  }
}
