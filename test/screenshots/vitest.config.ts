import { defineConfig } from 'vitest/config'

/** `npm run screenshots`: no test of `npm test`, since it fetches photographs first. */
export default defineConfig({
  test: {
    include: ['test/screenshots/takeScreenshots.ts'],
    globalSetup: ['test/support/installChromium.ts'],
    testTimeout: 1_200_000,
    hookTimeout: 600_000,
  },
})
