/** The shape of a pair of encoders, as JSON: what the model builder writes forward graphs from. */
import { z } from 'zod'

const size = z.number().int().positive()

/** Pre-norm transformer blocks of one width. */
const transformerShape = {
  width: size,
  layers: z.number().int().min(0),
  heads: size,
  /** Hidden width of a block's MLP over its own width. */
  mlpRatio: z.number().positive().default(4),
}
const stageSchema = z.object(transformerShape).refine((s) => s.width % s.heads === 0, {
  message: 'width must be a multiple of heads',
})
export type StageArchitecture = z.infer<typeof stageSchema>

/** Settings that both towers' blocks share. ReLU and no biases are quickest to train on a CPU. */
const blockStyleSchema = z.object({
  activation: z.enum(['gelu', 'quick-gelu', 'relu']).default('gelu'),
  /** Whether linear layers inside blocks have biases; the norms before them always do. */
  linearBias: z.boolean().default(true),
})
export type BlockStyle = z.infer<typeof blockStyleSchema>

/** Vision transformer. Between two stages each 2x2 group of tokens is merged into one. */
const vitSchema = z
  .object({
    kind: z.literal('vit'),
    imageSize: size,
    patchSize: size,
    stages: z.array(stageSchema).min(1),
    /** `conv` puts two 3x3 convolutions of stride 2 before the patches. */
    stem: z.enum(['patch', 'conv']).default('patch'),
    stemChannels: size.default(32),
    pooling: z.enum(['mean', 'cls']).default('mean'),
  })
  .refine((v) => v.imageSize % (v.patchSize * 2 ** (v.stages.length - 1)) === 0, {
    message: 'imageSize must be a multiple of patchSize times 2 for each merge',
  })
  .refine((v) => v.stem === 'patch' || v.patchSize % 4 === 0, {
    message: 'a conv stem needs a patchSize that is a multiple of 4',
  })
  .refine((v) => v.pooling === 'mean' || v.stages.length === 1, {
    message: 'cls pooling needs a single stage',
  })
export type VitArchitecture = z.infer<typeof vitSchema>

/** A trainable head on features of a frozen backbone: [batch, channels] or [batch, tokens, channels]. */
const featuresSchema = z.object({
  kind: z.literal('features'),
  featureDim: z.union([z.tuple([size]), z.tuple([size, size])]),
  head: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('transformer'), ...transformerShape }),
    z.object({ kind: z.literal('mlp'), width: size, hidden: size }),
  ]),
})
export type FeaturesArchitecture = z.infer<typeof featuresSchema>

const textSchema = z.object({
  ...transformerShape,
  vocabSize: size,
  contextLength: size,
  causal: z.boolean().default(true),
  /** `eos` takes the token with the highest id of its row. */
  pooling: z.enum(['eos', 'mean']).default('eos'),
  /** Width of the token embeddings where it is not `width`; a linear layer follows them. */
  tokenWidth: size.optional(),
  /** `frozen` keeps the token embeddings as they are given. */
  tokenEmbedding: z.enum(['trained', 'frozen']).default('trained'),
})
export type TextArchitecture = z.infer<typeof textSchema>

const projectionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('linear') }),
  z.object({ kind: z.literal('mlp'), hidden: size }),
])

export const architectureSchema = z
  .object({
    image: z.discriminatedUnion('kind', [vitSchema, featuresSchema]),
    text: textSchema,
    block: blockStyleSchema.prefault({}),
    projection: projectionSchema.default({ kind: 'linear' }),
    embeddingDim: size,
    /** Initial theta: logits are cosines times exp(theta). CLIP's ln(1/0.07) by default. */
    logitScaleInit: z.number().default(Math.log(1 / 0.07)),
  })
  .refine((a) => a.text.width % a.text.heads === 0, {
    message: 'text width must be a multiple of text heads',
  })
  .refine(
    ({ image }) =>
      image.kind !== 'features' ||
      image.head.kind !== 'transformer' ||
      image.head.width % image.head.heads === 0,
    {
      message: 'head width must be a multiple of its heads',
    },
  )
export type Architecture = z.infer<typeof architectureSchema>
/** An architecture as written by hand, with defaults left out. */
export type ArchitectureInput = z.input<typeof architectureSchema>
