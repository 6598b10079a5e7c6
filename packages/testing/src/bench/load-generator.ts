import autocannon from 'autocannon';
import type { LoadOrder, LoadReport } from './load.js';

/** Fires one load after another, as ordered, in a process that does nothing else. */
async function fire({ url, body, connections, seconds, amount }: LoadOrder): Promise<LoadReport> {
  const started = performance.now();
  const { requests, non2xx, errors, timeouts } = await autocannon({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    connections,
    ...(amount === undefined ? { duration: seconds } : { amount }),
  });
  const elapsed = (performance.now() - started) / 1000;
  return { answered: requests.total, refused: non2xx + errors + timeouts, seconds: elapsed };
}

process.on('message', async (order: LoadOrder) => process.send?.(await fire(order)));
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
