import os from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that open browsers or take whole journeys last longest: begun last, they would run on alone. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => ['/test/console/', '/test/journeys/'].findIndex((folder) => moduleId.includes(folder)) >>> 0
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other))
  }
}

export default defineConfig({
  // Vite would take graphql's "module" build for our sources while Node gives type-graphql and Apollo the "main" one.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Half of the time would go into loading the whole program anew for each file.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // Journeys wait more than they reckon: on two processors two files at a time leave a third of them idle.
    maxWorkers: Math.max(3, os.availableParallelism() - 1),
    testTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 120_000,
  },
})
