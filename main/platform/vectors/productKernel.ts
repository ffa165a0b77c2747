/**
 * Products of many rows with one vector, sixteen numbers at a time, as fast as memory is read:
 * JavaScript has no vector instructions, WebAssembly does.
 *
 * The module is one small function, which is assembled here:
 *
 *     products(row, rows, rowBytes, vector, product):
 *       while rows != 0:
 *         a = b = c = d = 0, at = vector, end = row + rowBytes
 *         do:
 *           a += f32x4[row] * f32x4[at], b, c and d likewise with the next 16 bytes each
 *           row += 64, at += 64
 *         while row < end
 *         f32[product] = the sum of the four numbers of a + b + c + d
 *         product += 4, rows -= 1
 */

/** Numbers that the kernel takes at a time: a row's length is a multiple of it. */
export const kernelStep = 16

/** All but `rows` and `rowBytes` are addresses, and multiples of 16. */
export type ProductKernel = (
  row: number,
  rows: number,
  rowBytes: number,
  vector: number,
  product: number,
) => void

/** The function, over this memory. */
export function createProductKernel(memory: WebAssembly.Memory): ProductKernel {
  compiled ??= new WebAssembly.Module(encodeModule())
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } })
  return exports['products'] as ProductKernel
}

let compiled: WebAssembly.Module | null = null

/** Four gigabytes but for one page: the end of the last row would be address zero again. */
export const mostPages = 65_535

// Section and opcode numbers: WebAssembly specification 2.0, section 5, binary format.
const i32 = 0x7f
const v128 = 0x7b
const untyped = 0x40
const block = [0x02, untyped]
const loop = [0x03, untyped]
const end = 0x0b
const branch = (depth: number) => [0x0c, depth]
const branchIf = (depth: number) => [0x0d, depth]
const get = (local: number) => [0x20, local]
const set = (local: number) => [0x21, local]
const constant = (value: number) => [0x41, ...signed(value)]
const isZero = 0x45
const isLess = 0x49
const add = 0x6a
const subtract = 0x6b
const floatAdd = 0x92
const floatStore = [0x38, 2, 0]
const vectorLoad = (offset: number) => [0xfd, 0x00, 4, offset]
const vectorZero = [0xfd, 0x0c, ...new Array<number>(16).fill(0)]
const vectorLane = (lane: number) => [0xfd, 0x1f, lane]
const vectorAdd = [0xfd, 0xe4, 0x01]
const vectorMultiply = [0xfd, 0xe6, 0x01]

const [row, rows, rowBytes, vector, product, rowEnd, at] = [0, 1, 2, 3, 4, 5, 6]
const sums = [7, 8, 9, 10]

function encodeBody(): number[] {
  const step = (local: number, by: number) => [...get(local), ...constant(by), add, ...set(local)]
  const addProducts = sums.flatMap((sum, i) => [
    ...get(sum),
    ...get(row),
    ...vectorLoad(16 * i),
    ...get(at),
    ...vectorLoad(16 * i),
    ...vectorMultiply,
    ...vectorAdd,
    ...set(sum),
  ])
  const [first, ...others] = sums
  return [
    ...block,
    ...loop,
    ...get(rows),
    isZero,
    ...branchIf(1),
    ...sums.flatMap((sum) => [...vectorZero, ...set(sum)]),
    ...get(vector),
    ...set(at),
    ...get(row),
    ...get(rowBytes),
    add,
    ...set(rowEnd),
    ...loop,
    ...addProducts,
    ...step(row, 64),
    ...step(at, 64),
    ...get(row),
    ...get(rowEnd),
    isLess,
    ...branchIf(0),
    end,
    ...get(product),
    ...get(first!),
    ...others.flatMap((sum) => [...get(sum), ...vectorAdd]),
    ...set(first!),
    ...[0, 1, 2, 3].flatMap((lane) => [
      ...get(first!),
      ...vectorLane(lane),
      ...(lane === 0 ? [] : [floatAdd]),
    ]),
    ...floatStore,
    ...step(product, 4),
    ...get(rows),
    ...constant(1),
    subtract,
    ...set(rows),
    ...branch(0),
    end,
    end,
    end,
  ]
}

function encodeModule(): Uint8Array<ArrayBuffer> {
  const parameters = [row, rows, rowBytes, vector, product].map(() => i32)
  const functionType = [0x60, ...list(parameters), 0]
  const shared = 0x03
  const memory = [...name('env'), ...name('memory'), 0x02, shared, 1, ...unsigned(mostPages)]
  const locals = [
    [2, i32],
    [sums.length, v128],
  ]
  const code = [...unsigned(locals.length), ...locals.flat(), ...encodeBody()]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, ...functionType]),
    ...section(2, [1, ...memory]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('products'), 0x00, 0]),
    ...section(10, [1, ...list(code)]),
  ])
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...list(content)]
}

function list(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes]
}

function name(text: string): number[] {
  return list([...Buffer.from(text)])
}

/** LEB128, as all numbers of the format. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

function signed(value: number): number[] {
  const fits = value >= -0x40 && value < 0x40
  return fits ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)]
}
