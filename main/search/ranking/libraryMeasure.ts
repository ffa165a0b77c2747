/** Compares queries with all vectors of a library, and with what is usual there. */
import type { VectorMatrix } from '../vectors/vectorMatrix.js'
import type { QuerySimilarities, Similarities } from './calibration.js'
import {
  type ComposedQuery,
  type Direction,
  deviationOf,
  type GenericKind,
  meansOfForm,
  measureGeneric,
  type QueryPart,
} from './composedQuery.js'

/** Photos that stand for the library, and those of them that stand for pictures as queries. */
const sampledPhotos = 500
const samplePictures = 100
/** What is usual is measured again once the library has grown or shrunk by so much. */
const staleShare = 0.1

/** Means by place, and what they hold for. */
interface KnownMeans {
  readonly revision: number
  readonly placeOf: Int32Array
  readonly mean: Float32Array
  readonly values: Float32Array<ArrayBuffer>
}

export class LibraryMeasure {
  private readonly matrix: VectorMatrix
  private phrases: Float32Array[] = []
  private measured: { size: number; text: GenericKind; picture: GenericKind } | null = null
  private readonly means: Partial<Record<QueryPart['kind'], KnownMeans>> = {}
  private places: { ids: Uint32Array; placeOf: Int32Array } | null = null

  constructor(matrix: VectorMatrix) {
    this.matrix = matrix
  }

  /** @param phrases [phrases, dim], each of length 1 */
  usePhrases(phrases: Float32Array): void {
    const { dim } = this.matrix
    this.phrases = Array.from({ length: phrases.length / dim }, (_, i) =>
      phrases.slice(i * dim, (i + 1) * dim),
    )
    this.measured = null
  }

  /** @param ids of the photos that answers have places for, rising */
  compare({ wanted, unwanted }: ComposedQuery, ids: Uint32Array): QuerySimilarities {
    return {
      wanted: this.compareOne(wanted, ids),
      unwanted: unwanted.map(({ direction, weight }) => ({
        similarities: this.compareOne(direction, ids),
        weight,
      })),
    }
  }

  private compareOne(direction: Direction, ids: Uint32Array): Similarities {
    const usual = this.usual()
    const placeOf = this.placesOf(ids)
    const own = this.matrix.products(direction.vector, placeOf, ids.length)
    const means = meansOfForm(direction, (kind) =>
      this.meansOf(kind, usual[kind], placeOf, ids.length),
    )
    return { own, means, deviation: deviationOf(direction, usual) }
  }

  /** The mean similarity of one kind of generic thing to each photo; the same for every query. */
  private meansOf(
    kind: QueryPart['kind'],
    { mean }: GenericKind,
    placeOf: Int32Array,
    length: number,
  ): Float32Array {
    const { revision } = this.matrix
    const known = this.means[kind]
    const fits = known?.placeOf === placeOf && known.mean === mean
    if (fits && known.revision === revision) return known.values
    // A photo's vector never changes, so that what was added is all that is missing.
    const values = this.matrix.products(mean, placeOf, length, fits ? known.values : undefined)
    this.means[kind] = { revision, placeOf, mean, values }
    return values
  }

  /** Measures what is usual, which the first query would wait for otherwise. */
  prepare(): void {
    this.usual()
  }

  private usual(): { text: GenericKind; picture: GenericKind } {
    const { matrix, phrases, measured } = this
    const { size, dim } = matrix
    if (measured !== null && Math.abs(size - measured.size) <= staleShare * measured.size) {
      return measured
    }
    const sample = matrix.sample(sampledPhotos)
    const step = Math.max(1, Math.ceil(sample.length / samplePictures))
    const pictures = sample.filter((_, i) => i % step === 0)
    this.measured = {
      size,
      text: measureGeneric(phrases, sample, dim),
      picture: measureGeneric(pictures, sample, dim),
    }
    return this.measured
  }

  /** The place of each id in a gallery; a new one is made for a new gallery only. */
  private placesOf(ids: Uint32Array): Int32Array {
    if (this.places !== null && isSame(this.places.ids, ids)) return this.places.placeOf
    const placeOf = new Int32Array((ids.at(-1) ?? 0) + 1).fill(-1)
    ids.forEach((id, place) => {
      placeOf[id] = place
    })
    this.places = { ids, placeOf }
    return placeOf
  }
}

/** Whether two galleries hold the same photos; they come as other objects over the same memory. */
function isSame(a: Uint32Array, b: Uint32Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
