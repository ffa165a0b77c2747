import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AutoTokenizer, env } from '@xenova/transformers'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadTokenizer } from '../../../../../main/ml/clip/tokenizer/loadTokenizer.js'
import { splitWords } from '../../../../../main/ml/clip/tokenizer/splitWords.js'
import { createTokenizer, type Tokenizer } from '../../../../../main/ml/clip/tokenizer/Tokenizer.js'
import type { TokenizerFiles } from '../../../../../main/ml/clip/tokenizer/tokenizerFiles.js'
import { trainTokenizer } from '../../../../../main/ml/clip/tokenizer/trainTokenizer.js'
import { isAppError } from '../../../../../shared/errors.js'

const captions = [
  'A red apple on a table',
  'Two red apples and a green pear',
  "The dog's ball isn't red",
  'un café crème à 3 €',
  '赤いリンゴ 🍎',
]

let root: string
let trained: TokenizerFiles
let tokenizer: Tokenizer

async function save(name: string, files: TokenizerFiles): Promise<string> {
  const folder = join(root, name)
  await mkdir(folder)
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(files.tokenizer))
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(files.tokenizerConfig))
  return folder
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tokenizer-'))
  trained = trainTokenizer(captions, { vocabSize: 560, contextLength: 16 })
  tokenizer = await loadTokenizer(await save('trained', trained))
  env.localModelPath = root
  env.allowRemoteModels = false
  env.useFSCache = false
})
afterAll(() => rm(root, { recursive: true }))

describe('trainTokenizer', () => {
  it('gives the two highest ids to the special tokens, end of text last', () => {
    const { vocab } = trained.tokenizer.model as { vocab: Record<string, number> }
    const ids = Object.values(vocab).sort((a, b) => a - b)
    expect(ids).toEqual(ids.map((_, index) => index))
    expect(vocab['<|endoftext|>']).toBe(ids.length - 1)
    expect(vocab['<|startoftext|>']).toBe(ids.length - 2)
    expect(ids.length).toBeLessThanOrEqual(560)
  })

  it('makes frequent words one token', () => {
    expect(tokenizer.wordId('red')).not.toBeNull()
    expect(tokenizer.wordId('red')).toBe(tokenizer.wordId('RED'))
    expect(tokenizer.wordId('zebra')).toBeNull()
  })

  it('makes each given word one token of its own, and only those', () => {
    const words = [
      'zebra',
      'Giraffe',
      'café',
      'kühlschrank',
      'cat',
      'catalogue',
      'ice cream',
      'a',
      'リンゴ',
    ]
    const files = trainTokenizer(captions, { vocabSize: 540, words })
    const wide = createTokenizer(files)
    const single = words.filter((word) => word !== 'ice cream')
    const ids = single.map((word) => wide.wordId(word))
    expect(ids).not.toContain(null)
    expect(new Set(ids).size).toBe(ids.length)
    expect(wide.wordId('ice cream')).toBeNull()
    expect(wide.wordId('zebras')).toBeNull()
    expect(wide.vocabSize).toBeLessThanOrEqual(540 + words.length)
  })

  it('finds words where no spaces stand between them, the longest first', () => {
    const words = ['dog', '红', '红色', '汽车', '车', 'スポーツカー', 'の']
    const wide = createTokenizer(trainTokenizer(captions, { vocabSize: 540, words }))
    const cut = (text: string) => wide.encodeText(text).slice(1, -1)
    const ids = (...parts: string[]) => parts.map((part) => wide.wordId(part))
    expect(cut('红色的汽车')).toEqual([...ids('红色'), ...cut('的'), ...ids('汽车')])
    expect(cut('红车dog')).toEqual(ids('红', '车', 'dog'))
    expect(cut('dogのスポーツカー 红')).toEqual(ids('dog', 'の', 'スポーツカー', '红'))
    expect(cut('未知红色')).toEqual([...cut('未'), ...cut('知'), ...ids('红色')])
  })

  it('is deterministic', () => {
    expect(trainTokenizer(captions, { vocabSize: 560, contextLength: 16 })).toEqual(trained)
  })

  it('takes 20,000 words in a few seconds', () => {
    const words = Array.from({ length: 20_000 }, (_, i) => `word${toLetters(i)}`)
    const start = performance.now()
    const wide = createTokenizer(trainTokenizer(captions, { vocabSize: 2_000, words }))
    expect(performance.now() - start).toBeLessThan(20_000)
    for (let i = 0; i < words.length; i += 97) expect(wide.wordId(words[i]!)).not.toBeNull()
  })
})

/** A number in letters, as digits would be words of their own. */
function toLetters(value: number): string {
  return [...String(value)].map((digit) => 'qwertyuiop'[Number(digit)]).join('')
}

describe('agreement with AutoTokenizer', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc
      .array(
        fc.constantFrom(
          "'s",
          "''ll",
          ' ',
          '\t\n',
          'Red',
          'apples',
          'é',
          'e\u0301',
          '９',
          '½',
          '!',
          '<|endoftext|>',
          '🍎',
          'İ',
          'ß',
          'ﬁ',
          '\u00a0',
          '\u200d',
          '红色',
          '汽车',
          'の',
          'ー',
        ),
      )
      .map((parts) => parts.join('')),
  )

  it.each([
    ['merges-alone', undefined],
    ['whole-words', ['apple', 'zebra', 'fish', 'ss', 'e']],
    ['words-without-spaces', ['apple', '红', '红色', '汽车', 'の', 'スポーツカー']],
  ])('holds for any text, with %s', async (name, words) => {
    const folder = await save(
      name,
      trainTokenizer(captions, { vocabSize: 600, ...(words ? { words } : {}) }),
    )
    const ours = await loadTokenizer(folder)
    const theirs = await AutoTokenizer.from_pretrained(name)
    expect(theirs.constructor.name).toBe('CLIPTokenizer')
    fc.assert(
      fc.property(anyText, (text) => {
        expect(ours.encodeText(text)).toEqual(theirs(text, { return_tensor: false }).input_ids)
      }),
      { numRuns: 500 },
    )
    const texts = ['red apple', 'a much longer text about two green pears']
    const batch = ours.encode(texts, { contextLength: 77, padTo: 'longest' })
    const expected = theirs(texts, { padding: true, truncation: true })
    expect(batch.inputIds).toEqual(expected.input_ids.data)
    expect(batch.attentionMask).toEqual(expected.attention_mask.data)
    expect([batch.batch, batch.length]).toEqual(expected.input_ids.dims)
  })

  it('learns on the very words that encoding sees', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        fc.pre(!text.includes('<|'))
        const joined = splitWords(text).flatMap((word) => tokenizer.encodeText(word).slice(1, -1))
        expect(tokenizer.encodeText(text).slice(1, -1)).toEqual(joined)
      }),
      { numRuns: 500 },
    )
  })
})

describe('encode', () => {
  it('cuts long texts but keeps their end', () => {
    const { inputIds, length } = tokenizer.encode(['red '.repeat(40)], {
      contextLength: 8,
      padTo: 'longest',
    })
    expect(length).toBe(8)
    expect(inputIds[7]).toBe(BigInt(tokenizer.vocabSize - 1))
    expect(inputIds[0]).toBe(BigInt(tokenizer.vocabSize - 2))
  })

  it('pads to the context length with the end token, masked', () => {
    const batch = tokenizer.encode(['red', ''], { contextLength: 6, padTo: 'contextLength' })
    expect(batch).toMatchObject({ batch: 2, length: 6 })
    expect([...batch.attentionMask].map(Number)).toEqual([1, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0])
    expect(batch.inputIds[11]).toBe(BigInt(tokenizer.padId))
  })
})

describe('a tokenizer of another kind', () => {
  // SigLIP's: unigram pieces, an end token, none at the start, padding that is a token of its own.
  const unigram = createTokenizer({
    tokenizer: {
      added_tokens: [
        { id: 0, content: '</s>', special: true, normalized: false },
        { id: 1, content: '<pad>', special: true, normalized: false },
      ],
      normalizer: { type: 'Lowercase' },
      pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always' },
      post_processor: {
        type: 'TemplateProcessing',
        single: [
          { Sequence: { id: 'A', type_id: 0 } },
          { SpecialToken: { id: '</s>', type_id: 0 } },
        ],
      },
      decoder: { type: 'Metaspace', replacement: '▁' },
      model: {
        type: 'Unigram',
        unk_id: 2,
        vocab: [
          ['</s>', 0],
          ['<pad>', 0],
          ['<unk>', 0],
          ['▁red', -2],
          ['▁', -3],
          ['cat', -4],
          ['s', -5],
        ],
      },
    },
    tokenizerConfig: { pad_token: { content: '<pad>' }, eos_token: '</s>', model_max_length: 1e30 },
  })

  it('encodes, cuts and pads as its files say', () => {
    expect(unigram.maxLength).toBeNull()
    expect(unigram.encodeText('Red cats')).toEqual([3, 4, 5, 6, 0])
    const batch = unigram.encode(['red cats', 'red'], { contextLength: 4, padTo: 'contextLength' })
    expect([...batch.inputIds].map(Number)).toEqual([3, 4, 5, 0, 3, 0, 1, 1])
    expect([...batch.attentionMask].map(Number)).toEqual([1, 1, 1, 1, 1, 1, 0, 0])
  })
})

describe('loadTokenizer', () => {
  it('names the file that is missing or broken', async () => {
    const folder = await save('broken', trained)
    await writeFile(join(folder, 'tokenizer.json'), '{"model": ')
    const broken = await loadTokenizer(folder).catch((error: unknown) => error)
    expect(isAppError(broken, 'MODEL_INVALID') && broken.message).toMatch(/tokenizer\.json.*JSON/)
    await writeFile(join(folder, 'tokenizer.json'), '{"model": {}}')
    const strange = await loadTokenizer(folder).catch((error: unknown) => error)
    expect(isAppError(strange, 'MODEL_INVALID')).toBe(true)
    await rm(join(folder, 'tokenizer_config.json'))
    const missing = await loadTokenizer(folder).catch((error: unknown) => error)
    expect(isAppError(missing, 'MODEL_INVALID') && missing.message).toMatch(
      /tokenizer_config\.json.*missing/,
    )
  })
})
