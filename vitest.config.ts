import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Vite would take graphql's "module" build for our sources while Node gives type-graphql and Apollo the "main" one.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
