import os from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Vite would take graphql's "module" build for our sources while Node gives type-graphql and Apollo the "main" one.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Half of the time would go into loading the whole program anew for each file.
    isolate: false,
    // Journeys wait more than they reckon: on two processors one file at a time would leave half of them idle.
    maxWorkers: Math.max(2, os.availableParallelism() - 1),
    testTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 60_000,
  },
})
