/** The text encoder of a run and its captions: cached as far as nothing changes, else as tokens. */
import { createTokenTable, type TokenTable } from '../../sources/tokenTexts.js'
import type { TextInputs } from '../../sources/towerInputs.js'
import { type Frontier, findFrontier } from './frontier.js'
import { type FrontierRows, openTextRows } from './frontierRows.js'
import { keepsRowsApart } from './keepsRowsApart.js'
import { mayCutTexts, probeTexts } from './mayCutTexts.js'
import {
  embedParts,
  fitsOnDisk,
  openOnce,
  rowNumbers,
  type SideEmbedder,
  type SideTower,
  type TextSideOptions,
} from './sideTower.js'

export interface TextSide extends SideTower {
  readonly inputs: TextInputs
  readonly embedder: SideEmbedder<'texts'>
}

/** What inputs of the encoder come from the tokens. */
const tokenInputs = ['input_ids', 'attention_mask']

/** Where the texts of one list come from. */
interface TextRows {
  readonly inputs: TextInputs
  dispose(): Promise<void>
}

export async function openTextSide(
  options: TextSideOptions,
  texts: readonly string[],
): Promise<TextSide> {
  const { context, model, tower, tokenizer } = options
  const { contextLength } = model
  const mayCut = await mayCutTexts(options)
  const frontier = findTextFrontier(options)
  const cut = mayCut && frontier?.growth !== 'other'
  const tokensOf = (list: readonly string[]) =>
    createTokenTable(list, tokenizer, { contextLength, cut })
  const tokens = tokensOf(texts)
  const cached = frontier && (await mayCache(options, frontier, tokens, texts.length))
  const open = async (list: readonly string[], name: string, table: TokenTable) => {
    if (!cached) return { inputs: table.inputs, dispose: async () => {} }
    return textRows(await openTextRows(list.length, table, { frontier, name, context }))
  }
  const training = await open(texts, 'train-texts', tokens)
  const validation = openOnce((list) => open(list, 'validation-texts', tokensOf(list)))
  return {
    tower: cached ? frontier.after : tower,
    shapes: (batch) => ({
      ...shapesOf(batch, contextLength),
      ...(cached ? { [frontier.value]: valueShape(frontier, batch, contextLength) } : {}),
    }),
    inputs: training.inputs,
    embedder: (step, weights) => async (list) => {
      const part = (await validation.for(list)).inputs(rowNumbers(list.length))
      return { ...(await embedParts('text', list.length, part, step, weights)), skipped: [] }
    },
    async dispose() {
      await training.dispose()
      await validation.dispose()
    },
  }
}

function textRows(rows: FrontierRows): TextRows {
  return { inputs: (captions) => rows.part(captions), dispose: () => rows.dispose() }
}

function findTextFrontier({ tower, model }: TextSideOptions): Frontier | null {
  const { contextLength } = model
  return findFrontier(tower, { shapes: shapesOf, shared: tokenInputs, contextLength })
}

function shapesOf(batch: number, tokens: number) {
  return Object.fromEntries(tokenInputs.map((name) => [name, [batch, tokens]]))
}

function valueShape(frontier: Frontier, batch: number, tokens: number): number[] {
  const [first, ...rest] = frontier.rowDims(tokens)
  return [batch * first!, ...rest]
}

/** Whether what is constant fits on the disk and lies text by text. */
async function mayCache(
  { context, model, tokenizer }: TextSideOptions,
  frontier: Frontier,
  tokens: TokenTable,
  count: number,
): Promise<boolean> {
  const lengths = Array.from({ length: count }, (_, row) =>
    frontier.rowDims(tokens.lengthOf(row)).reduce((a, b) => a * b, 1),
  )
  if (!(await fitsOnDisk(lengths, context.workFolder))) return false
  const { device, threads } = context.run.spec
  const probes = probeTexts(tokenizer, model.contextLength, 'contextLength')
  return keepsRowsApart(frontier, probes, { device, threads })
}
