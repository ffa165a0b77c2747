/** What this program uses of WebAssembly, which TypeScript knows only as a part of browsers. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
  }

  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, Memory>>)
    readonly exports: Record<string, unknown>
  }

  /** Counted in pages of 64 KiB. */
  class Memory {
    constructor(size: { initial: number; maximum: number; shared: true })
    readonly buffer: SharedArrayBuffer
    /** Returns the size before. @throws RangeError */
    grow(pages: number): number
  }
}
