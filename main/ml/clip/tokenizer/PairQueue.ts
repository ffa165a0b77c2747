/** A max-heap of token pairs by count, for byte-pair encoding. */

/** A pair of token ids as it was counted when it entered the queue. */
export interface CountedPair {
  readonly left: number
  readonly right: number
  readonly count: number
}

/**
 * Pops the pair with the highest count; among equals the one with the lowest ids, so that training
 * is deterministic. Entries are never changed: a pair whose count rose is pushed again, and who pops
 * an entry checks its count.
 */
export class PairQueue {
  private readonly heap: CountedPair[] = []

  push(pair: CountedPair): void {
    const { heap } = this
    let index = heap.length
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!precedes(pair, heap[parent]!)) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = pair
  }

  pop(): CountedPair | undefined {
    const { heap } = this
    const top = heap[0]
    const last = heap.pop()
    if (last !== undefined && heap.length > 0) this.sink(last)
    return top
  }

  private sink(pair: CountedPair): void {
    const { heap } = this
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && precedes(heap[child + 1]!, heap[child]!)) child++
      if (!precedes(heap[child]!, pair)) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = pair
  }
}

function precedes(a: CountedPair, b: CountedPair): boolean {
  if (a.count !== b.count) return a.count > b.count
  return a.left !== b.left ? a.left < b.left : a.right < b.right
}
