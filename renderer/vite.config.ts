/** Builds the window's pages: one folder of static files, nothing of it from elsewhere. */
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** Schemas check what the engine gets; read by the window, they would keep its first photos waiting. */
const withoutSchemas: Plugin = {
  name: 'without-schemas',
  enforce: 'pre',
  resolveId(source, importer) {
    if (source !== 'zod' || importer?.includes('/node_modules/')) return
    this.error(`${importer}: the window must not load zod; import types, or use zod/mini`)
  },
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), withoutSchemas],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome120',
    // Inlined files would need an exception in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_500,
  },
})
