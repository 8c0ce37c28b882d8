/** Tests that need npm alone. What needs Python, PostgreSQL or Chromium is in jest.peers.config.mjs. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts', '**/*.test.tsx'],
  testPathIgnorePatterns: ['/node_modules/', '\\.peer\\.test\\.ts$'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '\\.tsx?$': '<rootDir>/test/support/esbuild-transform.mjs' },
  testTimeout: 20_000,
  // Two at once even on two cores. The CDK's template validator is WebAssembly that no test file gives back: a worker
  // that holds much of it is replaced, or the later files of a run take ten times as long.
  maxWorkers: 2,
  workerIdleMemoryLimit: '700MB',
};
