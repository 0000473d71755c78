import { defineConfig } from '@playwright/test'

/** Started by scripts/e2e.mjs, which brings the screen, the ordinary user and the Electron. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '*.e2e.ts',
  outputDir: 'test-results/e2e',
  // One window at a time: the trainers share two cores.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
})
