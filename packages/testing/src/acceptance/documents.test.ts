import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { HOSTILE_PDFS, type ManagedProcess, makePdf, type Stack, sharedStack } from '../index.js';

let stack: Stack;
beforeAll(async () => {
  stack = await sharedStack();
});

const MIB = 1024 * 1024;

async function residentMib({ pid }: ManagedProcess): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) / 1024;
}

/** The peak memory of a process during `work`, in MiB. */
async function peakDuring<T>(process: ManagedProcess, work: Promise<T>): Promise<{ peak: number; value: T }> {
  let peak = 0;
  const look = async () => {
    peak = Math.max(peak, await residentMib(process));
  };
  const timer = setInterval(look, 50);
  const value = await work;
  clearInterval(timer);
  await look();
  return { peak, value };
}

async function upload(agentId: string, name: string, type: string, body: string | Uint8Array) {
  const response = await fetch(`${stack.url}/api/agents/${agentId}/documents?name=${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stack.adminKey}`, 'content-type': type },
    body,
  });
  return { status: response.status, body: (await response.json()) as { code?: string } };
}

/** A text with many different words, and one that occurs in no other. */
const textOf = (needle: string, bytes: number): string => {
  const words: string[] = [];
  for (let [n, length] = [1, 0]; length < bytes - 100; n++) {
    const word = `w${((n * 7_919) % 30_011).toString(36)}`;
    words.push(n % 12 === 0 ? `${word}.` : word);
    length += word.length + 1.1;
  }
  return `${words.join(' ')} The ${needle} stands here.`;
};

test('agents with large documents search in parallel on one worker, which keeps none of the text', async () => {
  const agents = await Promise.all(
    Array.from({ length: 6 }, () =>
      stack.createAgent({ name: 'reader', tools: [{ type: 'documents', name: 'find' }] }),
    ),
  );
  for (const [n, { id }] of agents.entries()) {
    const added = await upload(id, `doc${n}`, 'text/plain', textOf(`needle${n}`, 2 * MIB));
    expect(added).toMatchObject({ status: 201 });
  }
  const run = async ({ id }: { id: string }, n: number) => {
    const call = { tool: { name: 'find', arguments: { query: `the needle${n} w1a w2b stands` } } };
    const payload = { sandbox: { steps: [call], reply: 'done' } };
    const { body } = await stack.request<{ task_id: string }>('POST', `/api/agents/${id}/test`, { payload });
    return await stack.poll(body.task_id, { timeoutMs: 200_000 });
  };
  const [worker] = stack.workers;
  if (!worker) throw new Error('there is no worker');
  const before = await residentMib(worker);
  const { peak, value: ended } = await peakDuring(
    worker,
    Promise.all([...agents, ...agents].map((agent, n) => run(agent, n % 6))),
  );
  for (const [n, { status, result }] of ended.entries()) {
    expect(status).toBe('SUCCESS');
    const [best] = result.tool_calls[0].result.results;
    expect(best.document).toBe(`doc${n % 6}`);
    expect(best.passage).toContain(`The needle${n % 6} stands here.`);
  }
  // Indexes of these texts in memory took 250 MiB.
  expect(peak - before).toBeLessThan(100);
}, 300_000);

test('a PDF of a few kilobytes that expands to 1.5 GB is refused, and the api stays small and fast', async () => {
  const agent = await stack.createAgent({ name: 'reader' });
  const bomb = HOSTILE_PDFS.zeros(1_500);
  expect(bomb.length).toBeLessThan(10_000);
  const [api] = stack.apis;
  if (!api) throw new Error('there is no api');
  const before = await residentMib(api);
  const uploads = Promise.all([1, 2, 3].map(() => upload(agent.id, 'bomb.pdf', 'application/pdf', bomb)));
  let waited = 0;
  const polling = setInterval(async () => {
    const asked = performance.now();
    await fetch(`${stack.url}/healthz`);
    waited = Math.max(waited, performance.now() - asked);
  }, 100);
  const { peak, value } = await peakDuring(api, uploads);
  clearInterval(polling);
  for (const answer of value)
    expect(answer).toMatchObject({ status: 422, body: { code: 'unreadable_document' } });
  expect(peak - before).toBeLessThan(100);
  // It waited as long as a thread of the api held the machine's memory.
  expect(waited).toBeLessThan(3_000);
  const small = await upload(agent.id, 'small.pdf', 'application/pdf', makePdf([['Switch it off.']]));
  expect(small).toMatchObject({ status: 201 });
}, 300_000);
