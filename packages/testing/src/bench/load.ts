import { forkScript } from './forked.js';
import { PAYLOAD } from './payload.js';

export interface LoadOrder {
  url: string;
  body: string;
  connections: number;
  /** How long; only an upper bound if `amount` is given. */
  seconds: number;
  /** How many requests, instead of how long. */
  amount?: number;
}

export interface LoadReport {
  answered: number;
  refused: number;
  seconds: number;
}

/** Posts the payload, or another body, to a webhook from its own process. */
export interface Load {
  /** Keeps all connections busy for this many seconds. */
  run(url: string, seconds: number): Promise<LoadReport>;
  /** Sends this many and returns once all are answered. */
  send(url: string, amount: number, body?: string): Promise<void>;
  stop(): void;
}

const SLACK_MS = 20_000;
/** A machine that accepts fewer per second is too slow to measure on. */
const SLOWEST_RATE = 500;

/** Starts the load generator. Each order throws if a single request is refused. */
export async function startLoad(connections: number): Promise<Load> {
  const child = forkScript('load-generator');
  await child.receive(SLACK_MS);
  const fire = async (
    order: Pick<LoadOrder, 'url' | 'seconds' | 'amount'>,
    body = PAYLOAD,
  ): Promise<LoadReport> => {
    child.send({ ...order, body, connections } satisfies LoadOrder);
    const report = await child.receive<LoadReport>(order.seconds * 1000 + SLACK_MS);
    if (report.refused > 0) throw new Error(`${report.refused} requests to the webhook were refused`);
    return report;
  };
  return {
    run: (url, seconds) => fire({ url, seconds }),
    send: async (url, amount, body) => {
      const { answered } = await fire({ url, amount, seconds: amount / SLOWEST_RATE }, body);
      if (answered !== amount) throw new Error(`${answered} of ${amount} requests were answered`);
    },
    stop: child.stop,
  };
}
