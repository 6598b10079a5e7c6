import { type DeliveryAttempt, iso } from '@agenthook/contracts';

/** The error of an attempt whose worker died. */
export const LOST = 'The worker died or was stopped during this attempt. Whether it arrived is not known.';

/** How the log shows an attempt that nobody has written the outcome of, until another worker finds it. */
export const lostAttempt = (ms: number, foundMs: number): DeliveryAttempt => ({
  at: iso(ms),
  response_status: null,
  error: LOST,
  outcome_unknown: true,
  duration_ms: Math.max(0, Math.round(foundMs - ms)),
  response_excerpt: '',
});
