import type { DeliveryReason } from '@agenthook/contracts';
import type { Posted } from './post-callback.js';

/** One attempt. `end`: no retry changes its failure. `url` is where it went, if that was not known before. */
export type Attempted = Posted & { end?: DeliveryReason; url?: string };

/** What is to be done about a delivery now. */
export type Plan =
  | { end: DeliveryReason; status: 'failed' | 'skipped'; url?: string }
  | {
      end?: undefined;
      /** How long the receiver may still be storing an interrupted attempt, in ms. */
      waitMs: number;
      url: string;
    }
  | {
      end?: undefined;
      waitMs?: undefined;
      /** Where it goes, as the log shows it. */
      url: string;
      /** Makes one attempt. Throws if the signal aborts, and on a defect of ours. */
      send: (signal: AbortSignal) => Promise<Attempted>;
      /** Whether a failed attempt is not repeated: somebody only tries the receiver. */
      isOnce?: boolean;
      /** Present if it goes to an agent's callback: whether deliveries before it failed. */
      callback?: { hasFailed: boolean };
    };
