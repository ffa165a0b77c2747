/** What is missing from the packed app, and what has no business there. */
import type { PackedFile } from './packedFiles.js'

/** One file at least must match each; `unpacked` ones are read by native code. */
const needed: readonly { readonly what: string; path: RegExp; readonly unpacked?: true }[] = [
  { what: 'the main process', path: /^dist\/main\/hosts\/electron\/main\.js$/ },
  { what: 'the preload', path: /^dist\/main\/hosts\/electron\/preload\.cjs$/ },
  { what: 'the engine process', path: /^dist\/main\/hosts\/electron\/engineProcess\.js$/ },
  { what: 'the trainer process', path: /^dist\/main\/ml\/training\/trainerProcess\.js$/ },
  { what: 'the entry of forked processes', path: /^dist\/main\/hosts\/electron\/forkedEntry\.js$/ },
  { what: 'the contract', path: /^dist\/shared\/contract\/contract\.js$/ },
  { what: 'the migrations', path: /^dist\/main\/storage\/migrations\/0001.*\.js$/ },
  { what: 'the window', path: /^dist\/renderer\/index\.html$/ },
  { what: 'the window’s code', path: /^dist\/renderer\/assets\/.*\.js$/ },
  { what: 'the icon', path: /^dist\/renderer\/icon\.png$/ },
  { what: 'the licence', path: /^LICENSE$/ },
  ...['vision', 'text'].map((name) => ({
    what: `the starter’s ${name} encoder`,
    path: new RegExp(`^models/starter/onnx/${name}_model\\.onnx$`),
    unpacked: true as const,
  })),
  ...['sqlite3', 'hnswlib-node', 'onnxruntime-node', '@img/sharp-', '@parcel/watcher-'].map(
    (name) => ({
      what: `native code of ${name}`,
      path: new RegExp(`^node_modules/${name}[^/]*/.*\\.node$`),
      unpacked: true as const,
    }),
  ),
  {
    what: 'the library of ONNX Runtime',
    path: /^node_modules\/onnxruntime-node\/bin\/.*(libonnxruntime\.|onnxruntime\.dll)/,
    unpacked: true,
  },
  {
    what: 'ExifTool',
    path: /^node_modules\/exiftool-vendored\.[^/]+\/bin\/exiftool/,
    unpacked: true,
  },
]

const unwanted: readonly { readonly what: string; readonly path: RegExp }[] = [
  { what: 'the starter’s recipe', path: /^(dist\/)?models\/recipe\// },
  { what: 'a test', path: /^(dist\/)?test\/|\.test\.[cm]?js$/ },
  { what: 'a benchmark', path: /^(dist\/)?bench\// },
  { what: 'a source', path: /^(main|shared|renderer)\/|\.[cm]?tsx?$/ },
  { what: 'a source map', path: /\.map$/ },
  { what: 'what packs the app', path: /^dist\/main\/hosts\/electron\/pack\// },
]

/** @param developmentPackages names of packages that the app never needs to run */
export function findProblems(
  files: readonly PackedFile[],
  developmentPackages: readonly string[],
): string[] {
  const missing = needed
    .filter(({ path, unpacked }) => {
      const found = files.filter((file) => path.test(file.path))
      return found.length === 0 || (unpacked && !found.every((file) => file.unpacked))
    })
    .map(({ what, unpacked }) => `${what} is missing${unpacked ? ' outside the archive' : ''}`)
  const development = developmentPackages.map((name) => ({
    what: `a development package (${name})`,
    // The packer keeps licences, whatever is left out.
    path: new RegExp(`^node_modules/${name}/.*\\.[cm]?js$`),
  }))
  const extra = [...unwanted, ...development].flatMap(({ what, path }) => {
    const found = files.find((file) => path.test(file.path))
    return found ? [`${what} is packed: ${found.path}`] : []
  })
  return [...missing, ...extra]
}
