import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The hub serves what this builds; in development `vite` passes /api on to a running hub. */
export default defineConfig({
  root: here('.'),
  plugins: [react()],
  worker: { format: 'es' },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: process.env.QUAYWATCH_HUB ?? 'http://127.0.0.1:8080', ws: true } },
  },
  build: {
    outDir: here('../../dist/hub/web/app'),
    emptyOutDir: true,
    // The berth's own box serves a page of its own, which knows no hub.
    rollupOptions: { input: { index: here('index.html'), berth: here('berth.html') } },
    target: 'es2023',
    // Nothing is inlined: the page's content security policy allows files of the hub only.
    assetsInlineLimit: 0,
    // The map is one library of about a megabyte, fetched on its own when a map is shown.
    chunkSizeWarningLimit: 1500,
  },
});
