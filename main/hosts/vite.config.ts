/**
 * Joins what the command line and its threads run into a few files: finding and loading a thousand
 * modules takes Node a while, and a window waits for it.
 */
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const main = fileURLToPath(new URL('..', import.meta.url))

/** Threads and processes are found beside the file that starts them, so all lie in one folder. */
const entries = [
  'hosts/start.ts',
  'hosts/cli/semblance.ts',
  'library/scan/readWorker.ts',
  'ml/clip/textEncoderWorker.ts',
  'ml/runtime/gemmPeakWorker.ts',
  'ml/runtime/sessionWorker.ts',
  'ml/training/pictures/pixelWorker.ts',
  'ml/training/trainerProcess.ts',
  'platform/images/imageWorker.ts',
  'search/ranking/rankWorker.ts',
  'search/vectors/exactWorker.ts',
  'search/vectors/hnswWorker.ts',
]

/** What knex loads for other databases, none of which is installed. */
const otherDatabases = [
  'better-sqlite3',
  'mariadb/callback',
  'mysql',
  'mysql2',
  'oracledb',
  'pg',
  'pg-native',
  'pg-query-stream',
  'tedious',
]

/** npm makes a package's command executable when it links it, and not again after another build. */
const executable: Plugin = {
  name: 'executable',
  writeBundle: ({ dir }) => chmod(join(dir!, 'semblance.js'), 0o755),
}

/**
 * zod writes and compiles a function for each schema at its first use. A window waits for dozens of
 * them, and what is checked is small.
 */
const schemasAsTheyAre: Plugin = {
  name: 'schemas-as-they-are',
  transform(code, id) {
    if (!id.endsWith('/zod/v4/core/core.js')) return
    return { code: `${code}\nglobalConfig.jitless = true`, map: null }
  },
}

export default defineConfig({
  root: main,
  publicDir: false,
  logLevel: 'warn',
  plugins: [schemasAsTheyAre, executable],
  ssr: {
    noExternal: true,
    // Native modules, and what looks for its own files or loads parts of itself by name.
    external: [
      '@parcel/watcher',
      'exiftool-vendored',
      'hnswlib-node',
      'onnxruntime-node',
      'sharp',
      'sqlite3',
    ],
  },
  build: {
    ssr: true,
    target: 'node20',
    outDir: '../dist/app',
    emptyOutDir: true,
    sourcemap: true,
    rolldownOptions: {
      external: otherDatabases,
      input: entries.map((entry) => `${main}${entry}`),
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
})
