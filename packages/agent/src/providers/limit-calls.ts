import { setTimeout as sleep } from 'node:timers/promises';
import type { ProviderEntry } from '@agenthook/contracts';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { wrapLanguageModel } from 'ai';
import { passing, VerdictError } from '../verdict.js';

type Limits = NonNullable<ProviderEntry['limits']>;

/**
 * How long a call waits here, in ms. A longer wait parks the task, so that it holds no place of the worker.
 */
const LONGEST_WAIT_MS = 2_000;
/** How long a task is parked while all places of a provider are taken, in ms. */
const FULL_MS = 5_000;
const MINUTE_MS = 60_000;

/** Limits the calls of all models of one provider in this process. */
export interface CallLimit {
  wrap(model: LanguageModelV4): LanguageModelV4;
}

/**
 * At most `max_concurrency` calls at once, and `requests_per_minute` evenly over the minute. A call waits a
 * little for its turn; then it fails with VerdictError `model_rate_limited` and the time after which to ask
 * again, as if the provider itself had said so.
 */
export function createCallLimit(provider: string, limits: Limits): CallLimit {
  const { max_concurrency = Number.POSITIVE_INFINITY, requests_per_minute } = limits;
  const gapMs = requests_per_minute === undefined ? 0 : MINUTE_MS / requests_per_minute;
  const waiting: (() => void)[] = [];
  let running = 0;
  /** When the next call may start, on the process's clock. */
  let nextAt = 0;

  const takePlace = async (signal: AbortSignal | undefined): Promise<void> => {
    if (running < max_concurrency) {
      running++;
      return;
    }
    const limit = AbortSignal.timeout(LONGEST_WAIT_MS);
    const ended = signal ? AbortSignal.any([signal, limit]) : limit;
    await new Promise<void>((resolve, reject) => {
      const enter = () => {
        ended.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        waiting.splice(waiting.indexOf(enter), 1);
        reject(
          signal?.aborted ? signal.reason : limited(provider, `${max_concurrency} calls at once`, FULL_MS),
        );
      };
      ended.addEventListener('abort', leave, { once: true });
      waiting.push(enter);
    });
  };
  const leavePlace = () => {
    const next = waiting.shift();
    if (next) next();
    else running--;
  };
  const takeTurn = async (signal: AbortSignal | undefined): Promise<void> => {
    const now = performance.now();
    const waitMs = Math.max(0, nextAt - now);
    if (waitMs > LONGEST_WAIT_MS)
      throw limited(provider, `${requests_per_minute} requests per minute`, waitMs);
    nextAt = Math.max(nextAt, now) + gapMs;
    if (waitMs > 0) await sleep(waitMs, undefined, { ...(signal && { signal }) });
  };

  return {
    wrap: (model) =>
      wrapLanguageModel({
        model,
        middleware: {
          specificationVersion: 'v4',
          wrapGenerate: async ({ doGenerate, params }) => {
            await takePlace(params.abortSignal);
            try {
              await takeTurn(params.abortSignal);
              return await doGenerate();
            } finally {
              leavePlace();
            }
          },
        },
      }),
  };
}

const limited = (provider: string, limit: string, waitMs: number) =>
  new VerdictError({
    ...passing('model_rate_limited', `The provider "${provider}" is limited to ${limit} in PROVIDERS_FILE.`),
    retry_after_ms: Math.max(1_000, Math.ceil(waitMs)),
  });
