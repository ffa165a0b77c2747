/** Recall in both directions, with its 95 % intervals and what chance would give. */
import { Table } from '@mantine/core'
import type { RetrievalMetrics, RetrievalReport } from '../../shared/domain/training.js'
import { formatShare } from '../text/format.js'
import { text } from '../text/text.js'

export interface RecallTableProps {
  /** Of the model it began from; null without one. */
  readonly before: RetrievalReport | null
  readonly after: RetrievalReport
}

const words = text.teach
const kinds = ['recallAt1', 'recallAt5', 'recallAt10'] as const
const names = { recallAt1: 'R@1', recallAt5: 'R@5', recallAt10: 'R@10' }
const chances = {
  recallAt1: 'chanceAt1',
  recallAt5: 'chanceAt5',
  recallAt10: 'chanceAt10',
} as const

export function RecallTable({ before, after }: RecallTableProps) {
  return (
    <Table withRowBorders={false} fz="sm" style={{ fontVariantNumeric: 'tabular-nums' }}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th />
          {before && <Table.Th>{words.before}</Table.Th>}
          <Table.Th>{words.after}</Table.Th>
          <Table.Th>{words.chance}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {(['textToImage', 'imageToText'] as const).flatMap((direction) =>
          kinds.map((kind) => (
            <Table.Tr key={`${direction} ${kind}`}>
              <Table.Td>
                {words[direction]}, {names[kind]}
              </Table.Td>
              {before && <Table.Td>{figure(before[direction], kind)}</Table.Td>}
              <Table.Td>{figure(after[direction], kind)}</Table.Td>
              <Table.Td>{formatShare(after[direction][chances[kind]])}</Table.Td>
            </Table.Tr>
          )),
        )}
      </Table.Tbody>
    </Table>
  )
}

function figure(metrics: RetrievalMetrics, kind: (typeof kinds)[number]): string {
  const [low, high] = metrics.intervals[kind]
  return `${formatShare(metrics[kind])} (${formatShare(low)}–${formatShare(high)})`
}
