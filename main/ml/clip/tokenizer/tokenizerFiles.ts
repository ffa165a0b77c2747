/** Writes a trained vocabulary as the files of a Hugging Face tokenizer, those of CLIP. */
import { endOfWord, type Vocabulary } from './Vocabulary.js'

/** Parsed contents of a tokenizer's files, in the Hugging Face layout. */
export interface TokenizerFiles {
  /** tokenizer.json */
  readonly tokenizer: Readonly<Record<string, unknown>>
  /** tokenizer_config.json */
  readonly tokenizerConfig: Readonly<Record<string, unknown>>
  /** special_tokens_map.json */
  readonly specialTokensMap: Readonly<Record<string, unknown>>
}

const startOfText = '<|startoftext|>'
const endOfText = '<|endoftext|>'

export interface TokenizerTraits {
  readonly contextLength: number
  /** What a word is, as `splitWords` has it. */
  readonly pattern: string
  /** Whether a word in the vocabulary is taken whole before any merge. */
  readonly wholeWords: boolean
}

/** The two special tokens get the highest ids, end of text the very highest, as CLIP has them. */
export function describeTokenizer(
  vocabulary: Vocabulary,
  { contextLength, pattern, wholeWords }: TokenizerTraits,
): TokenizerFiles {
  const start = vocabulary.tokens.length
  const end = start + 1
  return {
    tokenizer: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: [specialToken(start, startOfText), specialToken(end, endOfText)],
      normalizer: {
        type: 'Sequence',
        normalizers: [
          { type: 'NFC' },
          { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
          { type: 'Lowercase' },
        ],
      },
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [
          { type: 'Split', pattern: { Regex: pattern }, behavior: 'Removed', invert: true },
          { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
        ],
      },
      post_processor: {
        type: 'RobertaProcessing',
        sep: [endOfText, end],
        cls: [startOfText, start],
        trim_offsets: false,
        add_prefix_space: false,
      },
      decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: describeModel(vocabulary, wholeWords),
    },
    tokenizerConfig: {
      tokenizer_class: 'CLIPTokenizer',
      bos_token: startOfText,
      eos_token: endOfText,
      unk_token: endOfText,
      pad_token: endOfText,
      model_max_length: contextLength,
      do_lower_case: true,
      add_prefix_space: false,
      clean_up_tokenization_spaces: true,
      errors: 'replace',
    },
    specialTokensMap: {
      bos_token: startOfText,
      eos_token: endOfText,
      unk_token: endOfText,
      pad_token: endOfText,
    },
  }
}

function describeModel(
  { tokens, merges }: Vocabulary,
  wholeWords: boolean,
): Record<string, unknown> {
  return {
    type: 'BPE',
    dropout: null,
    unk_token: endOfText,
    continuing_subword_prefix: '',
    end_of_word_suffix: endOfWord,
    fuse_unk: false,
    ignore_merges: wholeWords,
    vocab: Object.fromEntries([...tokens, startOfText, endOfText].map((token, id) => [token, id])),
    merges: merges.map(([left, right]) => `${tokens[left]} ${tokens[right]}`),
  }
}

function specialToken(id: number, content: string): Record<string, unknown> {
  return {
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }
}
