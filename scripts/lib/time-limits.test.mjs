import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

test('a test that hangs is ended at its limit, and the next one runs', () => {
  const script = fileURLToPath(new URL('../jest.mjs', import.meta.url));
  const args = [script, '--testMatch=**/hanging.suite.mjs', '--maxWorkers=2'];
  // It blocks this process, so nothing else could end a wait.
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: 120_000,
  });
  expect(status).toBe(1);
  expect(stderr).toContain('took longer than 300 ms');
  expect(stderr).toContain('took longer than 200 ms');
  expect(stdout).toContain('1 passed, 2 failed');
});
