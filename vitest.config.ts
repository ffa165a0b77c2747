import { defineConfig } from 'vitest/config'
import { PlainSummaryReporter } from './test/support/plainSummary.js'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/installChromium.ts', 'test/support/softwareVulkan.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // A busy machine takes its time; what is waited for is no benchmark.
    expect: { poll: { timeout: 30_000 } },
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', new PlainSummaryReporter()],
  },
})
