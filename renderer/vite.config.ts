/** Builds the window's pages: one folder of static files, nothing of it from elsewhere. */
import react from '@vitejs/plugin-react'
import { defineConfig, type HtmlTagDescriptor, type Plugin } from 'vite'

/** Schemas check what the engine gets; read by the window, they would keep its first photos waiting. */
const withoutSchemas: Plugin = {
  name: 'without-schemas',
  enforce: 'pre',
  resolveId(source, importer) {
    if (source !== 'zod' || importer?.includes('/node_modules/')) return
    this.error(`${importer}: the window must not load zod; import types, or use zod/mini`)
  },
}

/** Mantine's components bring their own styles: all of them together are three times as many. */
const stylesOfComponents: Plugin = {
  name: 'styles-of-components',
  transform(code, id) {
    const [, name] = /\/@mantine\/core\/esm\/.*\/(\w+)\.module\.mjs$/.exec(id) ?? []
    return name && { code: `import '@mantine/core/styles/${name}.css'\n${code}`, map: null }
  },
}

/** What the entry loads next is fetched with it: each request waits for a server that is starting. */
const preloadApp: Plugin = {
  name: 'preload-app',
  // Only then are there files to name.
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle = {} }) => {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
      const app = chunks.find(({ name }) => name === 'mount')
      if (app === undefined) throw new Error('renderer/app/mount.tsx is no chunk of its own')
      const needed = chunks.filter(
        ({ fileName, isEntry }) => !isEntry && [app.fileName, ...app.imports].includes(fileName),
      )
      const styles = needed.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])])
      return [
        ...needed.map(({ fileName }) => link({ rel: 'modulepreload', href: `/${fileName}` })),
        ...styles.map((file) => link({ rel: 'preload', as: 'style', href: `/${file}` })),
      ]
    },
  },
}

function link(attributes: Record<string, string>): HtmlTagDescriptor {
  return { tag: 'link', attrs: { crossorigin: true, ...attributes }, injectTo: 'head' }
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), withoutSchemas, stylesOfComponents, preloadApp],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome120',
    // Inlined files would need an exception in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_500,
  },
})
