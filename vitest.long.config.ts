import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** What `npm test` leaves out. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['test/long/**/*.test.ts'], exclude: ['node_modules/**', 'dist/**'] },
});
