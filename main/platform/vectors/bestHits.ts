/** Keeps the k best of many hits. */

export interface VectorHit {
  readonly key: number
  /** Cosine similarity to the query, -1 to 1. */
  readonly score: number
}

/** A heap of at most `k` hits with the worst on top; of equal scores the smaller key is better. */
export class BestHits {
  private readonly k: number
  private readonly scores: number[] = []
  private readonly keys: number[] = []

  constructor(k: number) {
    this.k = k
  }

  add(key: number, score: number): void {
    if (this.scores.length < this.k) {
      this.scores.push(score)
      this.keys.push(key)
      this.siftUp(this.scores.length - 1)
    } else if (this.k > 0 && isWorse(this.scores[0]!, this.keys[0]!, score, key)) {
      this.scores[0] = score
      this.keys[0] = key
      this.siftDown()
    }
  }

  /** The hits, best first. */
  sorted(): VectorHit[] {
    return this.keys
      .map((key, i) => ({ key, score: this.scores[i]! }))
      .sort((a, b) => b.score - a.score || a.key - b.key)
  }

  private siftUp(from: number): void {
    let child = from
    while (child > 0) {
      const parent = (child - 1) >> 1
      if (!this.worse(child, parent)) return
      this.swap(child, parent)
      child = parent
    }
  }

  private siftDown(): void {
    let parent = 0
    for (;;) {
      const left = 2 * parent + 1
      if (left >= this.scores.length) return
      const right = left + 1
      const child = right < this.scores.length && this.worse(right, left) ? right : left
      if (!this.worse(child, parent)) return
      this.swap(child, parent)
      parent = child
    }
  }

  private worse(a: number, b: number): boolean {
    return isWorse(this.scores[a]!, this.keys[a]!, this.scores[b]!, this.keys[b]!)
  }

  private swap(a: number, b: number): void {
    const score = this.scores[a]!
    const key = this.keys[a]!
    this.scores[a] = this.scores[b]!
    this.keys[a] = this.keys[b]!
    this.scores[b] = score
    this.keys[b] = key
  }
}

function isWorse(score: number, key: number, thanScore: number, thanKey: number): boolean {
  return score < thanScore || (score === thanScore && key > thanKey)
}
