import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** One script and one style sheet, from this folder alone; nothing inlined, which the content policy forbids. */
export default defineConfig({
  plugins: [react()],
  publicDir: false,
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    target: 'es2022',
  },
});
