import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: './journeys',
  outputDir: '../.cache/e2e',
  // a call of three is what two cores can encode and decode
  workers: 1,
  fullyParallel: false,
  // a journey that passes at the second try has shown a fault
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: '../.cache/test/e2e.json' }]],
  use: { trace: { mode: 'retain-on-failure', screenshots: false, sources: false } },
})
