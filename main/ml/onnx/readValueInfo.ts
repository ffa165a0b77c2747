/** Makes declared inputs and outputs of ValueInfoProto. */
import type { Dim, ValueInfo } from './graph.js'
import { InvalidProto } from './invalidProto.js'
import { type DimensionProto, toSafeNumber, type ValueInfoProto } from './modelProto.js'
import { elementTypeOf } from './tensorProto.js'

/** @throws InvalidProto for what is no tensor or has no declared shape */
export function readValueInfo(proto: ValueInfoProto): ValueInfo {
  const tensorType = proto.type?.tensorType
  const what = `"${proto.name}"`
  if (!tensorType) throw new InvalidProto(`${what} is not a tensor`)
  if (!tensorType.shape) throw new InvalidProto(`${what} has no declared shape`)
  return {
    name: proto.name,
    type: elementTypeOf(tensorType.elemType, what),
    shape: tensorType.shape.dim.map((dim, axis) => toDim(dim, `${proto.name}.${axis}`)),
  }
}

/** A dimension with neither size nor name gets `fallback` as its name. */
function toDim(proto: DimensionProto, fallback: string): Dim {
  if (Object.hasOwn(proto, 'dimValue')) {
    const value = toSafeNumber(proto.dimValue!)
    if (value >= 0) return value
  }
  return proto.dimParam || fallback
}
