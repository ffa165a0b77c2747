/** Cuts pictures into flat patches, in an order that makes every later 2x2 merge a plain Reshape. */
import type { GraphBuilder } from '../../onnx/graphBuilder.js'

export interface PatchGrid {
  readonly channels: number
  /** Patches along one side of the picture. */
  readonly side: number
  /** Pixels along one side of a patch. */
  readonly patch: number
  /** How often tokens will be merged 2x2. */
  readonly merges: number
}

/**
 * x [batch, channels, side * patch, side * patch] -> [batch * side^2, channels * patch^2].
 *
 * [Note: Z-order] With one merge the tokens of each 2x2 square follow one another, with two the
 * squares of each 2x2 square of squares too, and so on. So [batch * tokens, width] reshaped to
 * [batch * tokens / 4, 4 * width] is the merge, without moving anything.
 */
export function cutPatches(b: GraphBuilder, x: string, grid: PatchGrid): string {
  const { channels, side, patch, merges } = grid
  const axis = [side / 2 ** merges, ...Array.from({ length: merges }, () => 2), patch]
  const split = b.op('Reshape', [x, b.ints([-1, channels, ...axis, ...axis])])
  const rows = axis.map((_, i) => 2 + i)
  const columns = axis.map((_, i) => 2 + axis.length + i)
  const perm = [0]
  for (let i = 0; i <= merges; i++) perm.push(rows[i]!, columns[i]!)
  perm.push(1, rows[merges + 1]!, columns[merges + 1]!)
  const moved = b.op('Transpose', [split], { perm })
  return b.op('Reshape', [moved, b.ints([-1, channels * patch * patch])])
}
