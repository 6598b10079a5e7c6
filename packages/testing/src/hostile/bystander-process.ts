/**
 * Sends small requests on a schedule, regardless of earlier ones, and records how long each took. It is a
 * separate process, so that its measurements do not depend on how busy the test is.
 *
 * Arguments: the api's URL, the token of an agent that does nothing.
 */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Samples, Watched } from './bystander.js';

const [base = '', token = ''] = process.argv.slice(2);
/** No one else has this address behind the proxy that this process plays. */
const ADDRESS = '203.0.113.7';
const EVERY_MS = 100;
/** A waiting client sends no more: on a slow machine, this must not be what holds everything up. */
const MOST_UNDER_WAY = 20;
/** A request that takes longer has failed. */
const GIVE_UP_MS = 60_000;

const agent = new Agent({ keepAlive: true });
const fresh = (): Samples => ({ trigger: [], run: [], failed: [] });
let samples = fresh();
const underWay = new Set<Promise<void>>();

function ask(method: 'GET' | 'POST', path: string, body?: string): Promise<{ status: number; body: string }> {
  const headers = {
    'x-forwarded-for': ADDRESS,
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(base + path, { method, agent, headers, timeout: GIVE_UP_MS }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text }));
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${GIVE_UP_MS} ms`)));
    sent.on('error', reject).end(body);
  });
}

/** As any sender does: a request answered 503 is sent again, and has taken that much longer. */
async function insist(...request: Parameters<typeof ask>): Promise<Record<string, unknown>> {
  for (const until = performance.now() + GIVE_UP_MS; ; ) {
    const { status, body } = await ask(...request);
    if (status === 200) return JSON.parse(body);
    if (status !== 503 || performance.now() > until) throw new Error(`${status} ${body.slice(0, 200)}`);
    await sleep(50);
  }
}

const trigger = () => insist('POST', `/api/webhooks/agents/${token}`, '{"sandbox":{"reply":"ok"}}');
const statusOf = (id: unknown, wait: number) => insist('GET', `/api/task_status?task_id=${id}&wait=${wait}`);

async function untilSuccess(): Promise<void> {
  const { task_id } = await trigger();
  for (const until = performance.now() + GIVE_UP_MS; performance.now() < until; ) {
    const { status, result } = await statusOf(task_id, 10);
    if (status === 'SUCCESS') return;
    if (status === 'FAILURE') throw new Error(`a bystander's task failed: ${JSON.stringify(result)}`);
    await sleep(20);
  }
  throw new Error(`a bystander's task did not end within ${GIVE_UP_MS} ms`);
}

/** Measures `work` into the samples that are current at its start. */
function measure(kind: Watched, work: () => Promise<unknown>): void {
  const { [kind]: into, failed } = samples;
  const started = performance.now();
  const measured = work()
    .then(() => void into.push(performance.now() - started))
    .catch((error: Error) => void failed.push(`${kind}: ${error.message}`))
    .finally(() => underWay.delete(measured));
  underWay.add(measured);
}

const { task_id: known } = await trigger();
setInterval(() => {
  if (underWay.size >= MOST_UNDER_WAY) return;
  measure('trigger', () => Promise.all([trigger(), statusOf(known, 0)]));
  measure('run', untilSuccess);
}, EVERY_MS);

process.on('message', async (message) => {
  if (message === 'begin') samples = fresh();
  const read = samples;
  if (message === 'end') await Promise.all(underWay);
  process.send?.(read);
});
process.on('disconnect', () => process.exit(0));
process.send?.(samples);
