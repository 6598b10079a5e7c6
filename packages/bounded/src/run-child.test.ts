import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { runChild } from './run-child.js';

const folder = mkdtempSync(join(tmpdir(), 'agenthook-child-'));
afterAll(() => rmSync(folder, { recursive: true }));

const LIMITS = { memoryMb: 300, cpuSeconds: 20, clockMs: 60_000, outputBytes: 1024 };
let scripts = 0;
const run = (source: string, limits: Partial<typeof LIMITS> = {}, input = 'hello', signal?: AbortSignal) => {
  const script = join(folder, `${scripts++}.mjs`);
  writeFileSync(script, `import { readFileSync, writeSync } from 'node:fs';\n${source}`);
  return runChild(script, ['an argument'], Buffer.from(input), { ...LIMITS, ...limits }, signal);
};

test('a script gets its input and arguments, and its answer is returned', async () => {
  const answer = await run(
    `writeSync(3, readFileSync(0, 'latin1').toUpperCase().slice(0, 5) + process.argv[2]);`,
    {},
    'hello'.repeat(1_000_000),
  );
  expect(answer).toEqual({ outcome: 'done', output: Buffer.from('HELLOan argument') });
});

test('it sees no environment', async () => {
  const answer = await run('writeSync(3, Object.keys(process.env).sort().join());');
  expect(`${'output' in answer && answer.output}`).toMatch(/^[A-Z_,]*$/);
  expect(`${'output' in answer && answer.output}`).not.toContain('HOME');
});

test.each([
  ['buffers', 'const all = []; for (;;) all.push(Buffer.alloc(16 * 2 ** 20, 1));'],
  ['one buffer', 'Buffer.alloc(2 ** 31, 1);'],
  ['objects', 'const all = []; for (;;) all.push(new Array(100_000).fill(all.length));'],
])(
  'a script that takes too much memory in %s is ended, and never exceeds the limit',
  async (_what, source) => {
    let peak = 0;
    const look = setInterval(() => {
      const list = execFileSync('ps', ['-eo', 'rss=,args='], { encoding: 'utf8' }).split('\n');
      const own = list.filter((line) => line.includes(folder));
      peak = Math.max(peak, ...own.map((line) => Number.parseInt(line, 10) / 1024));
    }, 20);
    // A script can catch the error for a failed buffer allocation; either way it does not continue.
    expect(['too_large', 'failed']).toContain((await run(source)).outcome);
    clearInterval(look);
    expect(peak).toBeGreaterThan(0);
    expect(peak).toBeLessThan(400);
  },
);

test('a script that takes too long is ended by wall time and by CPU time', async () => {
  expect(await run('for (;;);', { clockMs: 1_000 })).toEqual({ outcome: 'too_slow' });
  expect(await run('for (;;);', { cpuSeconds: 1 })).toEqual({ outcome: 'too_slow' });
});

test('a script whose answer is too large, that fails, or that is aborted', async () => {
  expect(await run(`for (;;) writeSync(3, 'x'.repeat(1000));`)).toEqual({ outcome: 'too_large' });
  expect(await run(`throw new Error('no');`)).toEqual({ outcome: 'failed' });
  expect(await runChild('/none/such.mjs', [], Buffer.from(''), LIMITS)).toEqual({ outcome: 'failed' });
  const stop = new AbortController();
  const running = run('for (;;);', {}, '', stop.signal);
  setTimeout(() => stop.abort(new Error('the process stops')), 300);
  await expect(running).rejects.toThrow('the process stops');
});
