import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['@p2pigeon/source'] },
  ssr: { resolve: { conditions: ['@p2pigeon/source'] } },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 20_000,
    // Many tests wait for processes and peers: a core that is left to the runner itself, as it is by default, would idle.
    maxWorkers: '100%',
  },
})
