import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['@p2pigeon/source', 'module', 'node', 'development|production'] },
  ssr: { resolve: { conditions: ['@p2pigeon/source', 'module', 'node', 'development|production'] } },
  test: { environment: 'node', include: ['src/**/*.test.{ts,tsx}'] },
})
