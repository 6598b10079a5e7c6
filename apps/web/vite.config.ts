import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** What the api answers itself, and the development server passes on. */
const API_PATHS = ['/api', '/docs', '/openapi.json', '/healthz', '/readyz'];

export default defineConfig({
  plugins: [react()],
  resolve: {
    // Contracts are there for their types alone; a value import would bring TypeBox along, so it ends nowhere.
    alias: { '@agenthook/contracts': '/the-studio-imports-types-alone' },
  },
  build: {
    target: 'es2022',
    // The first that know light-dark(): what stands in for it elsewhere needs a color-scheme in the same file.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The policy of the page allows no data: URLs for scripts and fonts.
    assetsInlineLimit: 0,
    // Held to a budget by a test, compressed.
    chunkSizeWarningLimit: 1000,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  optimizeDeps: {
    // All of it: a package that is found only when its page opens would reload that page.
    entries: ['index.html', 'src/**/!(*.test).{ts,tsx}'],
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(
      API_PATHS.map((path) => [path, process.env.AGENTHOOK_URL ?? 'http://127.0.0.1:7091']),
    ),
  },
});
