/** Finds the minimum of a smooth function: L-BFGS with backtracking (Nocedal and Wright, ch. 7). */

/** The value at `point`, and its gradient. */
export type Differentiable = (
  point: Float64Array,
) => Promise<{ readonly value: number; readonly gradient: Float64Array }>

const memory = 10
const mostSteps = 200
const mostHalvings = 20
/** Done where the gradient's largest entry is below this. */
const flat = 1e-5
const sufficientDecrease = 1e-4

/** Where `f` is smallest, from `start` on. Convex functions have no other minimum. */
export async function minimise(
  f: Differentiable,
  start: Float64Array,
  signal?: AbortSignal,
): Promise<Float64Array> {
  let point = start
  let { value, gradient } = await f(point)
  const history: Curvature[] = []
  for (let step = 0; step < mostSteps; step++) {
    signal?.throwIfAborted()
    if (gradient.every((entry) => Math.abs(entry) < flat)) break
    const direction = descentDirection(gradient, history)
    const slope = dot(direction, gradient)
    let length = history.length === 0 ? Math.min(1, 1 / Math.sqrt(-slope)) : 1
    let next: Awaited<ReturnType<Differentiable>> | null = null
    let moved = point
    for (let halving = 0; halving < mostHalvings; halving++) {
      moved = point.map((entry, i) => entry + length * direction[i]!)
      const tried = await f(moved)
      if (tried.value <= value + sufficientDecrease * length * slope) {
        next = tried
        break
      }
      length /= 2
    }
    // Nothing lower within what float32 can tell.
    if (next === null) break
    remember(history, {
      s: moved.map((entry, i) => entry - point[i]!),
      y: next.gradient.map((entry, i) => entry - gradient[i]!),
    })
    point = moved
    ;({ value, gradient } = next)
  }
  return point
}

/** A step, and what it changed in the gradient. */
interface Curvature {
  readonly s: Float64Array
  readonly y: Float64Array
}

function remember(history: Curvature[], change: Curvature): void {
  if (dot(change.s, change.y) <= 0) return
  history.push(change)
  if (history.length > memory) history.shift()
}

/** The two-loop recursion: minus the gradient times an estimate of the inverse Hessian. */
function descentDirection(gradient: Float64Array, history: readonly Curvature[]): Float64Array {
  const q = gradient.map((entry) => -entry)
  const alphas: number[] = []
  for (const { s, y } of history.toReversed()) {
    const alpha = dot(s, q) / dot(s, y)
    alphas.push(alpha)
    add(q, -alpha, y)
  }
  const last = history.at(-1)
  if (last) {
    const scale = dot(last.s, last.y) / dot(last.y, last.y)
    for (let i = 0; i < q.length; i++) q[i]! *= scale
  }
  for (const { s, y } of history) add(q, alphas.pop()! - dot(y, q) / dot(s, y), s)
  return q
}

function add(target: Float64Array, factor: number, values: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * values[i]!
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
