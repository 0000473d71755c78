import { resolve } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

const root = resolve(import.meta.dirname, '../../..')

/**
 * The window in a browser over the fake transport, with the policy of the real one:
 * vite build -c test/support/renderer/vite.config.ts, then vite preview -c the same.
 */
export default defineConfig({
  root,
  plugins: [svelte()],
  server: { port: 5199 },
  preview: {
    port: 5199,
    headers: {
      'Content-Security-Policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'",
    },
  },
  build: {
    outDir: resolve(root, 'out/renderer-harness'),
    rollupOptions: { input: resolve(import.meta.dirname, 'index.html') },
  },
})
