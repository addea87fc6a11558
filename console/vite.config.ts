// `npm run build` makes the console's files by this; `npx vite console` serves its sources beside a running gateway, and changes them in place.
import path from 'node:path'
import { defineConfig } from 'vite'

const gateway = process.env['GATEWAY'] ?? 'http://127.0.0.1:4000'

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  build: {
    outDir: path.join(import.meta.dirname, '../dist/console/files'),
    emptyOutDir: true,
    target: ['chrome111', 'firefox114', 'safari16.4'],
    sourcemap: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      onwarn: (warning, warn) => warning.code === 'MODULE_LEVEL_DIRECTIVE' || warn(warning), // what `use client` says to servers is nothing to us
      // What every page needs in one file: a browser that opens thirty small ones over HTTP/1.1 takes half a second longer.
      output: { codeSplitting: { groups: [{ name: 'base', test: /node_modules\/(?:react|react-dom|scheduler|@mantine|@floating-ui|@tanstack|@urql|wonka|graphql|graphql-ws|wouter|clsx)\// }] } },
    },
    assetsInlineLimit: 0, // the page's policy takes files of its own alone
  },
  server: {
    proxy: {
      '/graphql': { target: gateway, ws: true },
      '/console.json': gateway,
      '/mailbox': gateway,
    },
  },
})
