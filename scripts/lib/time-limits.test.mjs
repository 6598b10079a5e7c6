import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

test('a test that hangs is ended at its limit, and the next one runs', () => {
  const script = fileURLToPath(new URL('../jest.mjs', import.meta.url));
  const args = [script, '--testMatch=**/hanging.suite.mjs', '--maxWorkers=2'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain('took longer than 300 ms');
  expect(stderr).toContain('took longer than 200 ms');
  expect(stdout).toContain('1 passed, 2 failed');
});
