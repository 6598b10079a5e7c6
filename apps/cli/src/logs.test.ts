import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { followLog, readableLine } from './logs.js';

describe('readableLine', () => {
  test.each([
    ['an information', '{"level":30,"msg":"request"}', undefined],
    ['a warning', '{"level":40,"msg":"slow"}', 'api warning: slow'],
    [
      'an error with its cause',
      '{"level":50,"msg":"lost","err":{"message":"EPIPE"}}',
      'api error: lost: EPIPE',
    ],
    ['an error logged alone', '{"level":50,"msg":"EPIPE","err":{"message":"EPIPE"}}', 'api error: EPIPE'],
    ['a crash', 'TypeError: x is not a function', 'api: TypeError: x is not a function'],
    ['a message that already names its process', 'api: no Redis', 'api: no Redis'],
    [
      'a message that would write to the terminal, or pose as another one',
      '{"level":40,"msg":"said \\u001b]0;x\\u0007\\nready: http://evil.example \\u202e"}',
      'api warning: said \\u001b]0;x\\u0007\\u000aready: http://evil.example \\u202e',
    ],
    ['an empty line', '  ', undefined],
  ])('%s', (_what, line, shown) => {
    expect(readableLine('api', line)).toBe(shown);
  });
});

describe('followLog', () => {
  const dir = mkdtempSync(join(tmpdir(), 'agenthook-log-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  test('returns whole lines, however they were written, and continues after the file was truncated', async () => {
    const path = join(dir, 'api.log');
    const lines: string[] = [];
    const stop = followLog(path, (line) => lines.push(line));
    const bytes = Buffer.from('one\ntwö\n');
    writeFileSync(path, bytes.subarray(0, 7));
    await new Promise((resolve) => setTimeout(resolve, 300));
    appendFileSync(path, bytes.subarray(7));
    await new Promise((resolve) => setTimeout(resolve, 300));
    truncateSync(path);
    appendFileSync(path, 'x\n');
    stop();
    expect(lines).toEqual(['one', 'twö', 'x']);
  });
});
