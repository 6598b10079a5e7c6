import { openLine } from './http.js';
import { PAYLOAD } from './payload.js';
import type { Figure } from './report.js';
import type { Sizes } from './sizes.js';
import { percentile } from './stats.js';
import type { System } from './system.js';

const RUN_TIMEOUT_MS = 10_000;

/** How long no-op runs take on an idle system, one after the other, from acceptance until SUCCESS is read. */
export async function latency(system: System, sizes: Sizes): Promise<Figure[]> {
  const line = openLine(system.stack.url);
  const path = new URL(system.webhookUrl).pathname;
  const sinceAccepted: number[] = [];
  const sinceSent: number[] = [];
  try {
    for (let n = -sizes.latencyWarmUp; n < sizes.latencySamples; n++) {
      const accepted = await line.ask('POST', path, PAYLOAD);
      const start = performance.now();
      await untilSuccess(line.ask, JSON.parse(accepted.body).task_id);
      const ms = performance.now() - start;
      if (n >= 0) {
        sinceAccepted.push(ms);
        sinceSent.push(ms + accepted.ms);
      }
    }
  } finally {
    line.close();
  }
  const figure = (what: string, values: number[], share: number, limit?: number): Figure => ({
    what: `${what}, p${share * 100}`,
    value: percentile(values, share),
    unit: 'ms',
    ...(limit === undefined ? {} : { target: { is: 'at most', value: limit } }),
  });
  return [
    figure('accepted → SUCCESS readable', sinceAccepted, 0.5, 10),
    figure('accepted → SUCCESS readable', sinceAccepted, 0.99, 40),
    figure('request sent → SUCCESS readable', sinceSent, 0.5),
  ];
}

async function untilSuccess(ask: ReturnType<typeof openLine>['ask'], taskId: string): Promise<void> {
  for (const deadline = Date.now() + RUN_TIMEOUT_MS; Date.now() < deadline; ) {
    const { body } = await ask('GET', `/api/task_status?task_id=${taskId}`);
    const { status } = JSON.parse(body);
    if (status === 'SUCCESS') return;
    if (status !== 'PENDING' && status !== 'STARTED') throw new Error(`a no-op run ended so: ${body}`);
  }
  throw new Error(`a no-op run took more than ${RUN_TIMEOUT_MS} ms`);
}
