import base from './jest.config.mjs';

/** Tests against software that nobody here wrote: asyncua, pymodbus, cfn-lint, PostgreSQL, Mosquitto, Chromium. docs/testing.md says what to install. */
export default {
  ...base,
  testMatch: ['**/*.peer.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
};
