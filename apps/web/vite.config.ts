import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The paths that the api serves; the development server forwards them. */
const API_PATHS = ['/api', '/docs', '/openapi.json', '/healthz', '/readyz'];

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: {
      // Contracts are imported only as types. A value import would bundle TypeBox, so it resolves to a
      // missing module.
      '@agenthook/contracts': '/the-studio-imports-types-alone',
      // From its source, so that the development server needs no build.
      '@agenthook/json': fileURLToPath(new URL('../../packages/json/src/index.ts', import.meta.url)),
    },
  },
  build: {
    target: 'es2022',
    // The first browsers with light-dark(). Its fallback elsewhere would need a color-scheme in the same
    // file.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The page's policy allows no data: URLs for scripts and fonts.
    assetsInlineLimit: 0,
    // A test enforces the size budget, compressed.
    chunkSizeWarningLimit: 1000,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      output: {
        // Each file costs a request with its headers, so what most pages use of the packages is one file.
        codeSplitting: {
          groups: [
            { name: 'shared', test: /node_modules/, minShareCount: 8 },
            { name: 'common', minShareCount: 4 },
          ],
        },
      },
    },
  },
  optimizeDeps: {
    // All pages: a dependency that is found only when its page opens would reload that page.
    entries: ['index.html', 'src/**/!(*.test).{ts,tsx}'],
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(
      API_PATHS.map((path) => [path, process.env.AGENTHOOK_URL ?? 'http://127.0.0.1:7091']),
    ),
  },
});
