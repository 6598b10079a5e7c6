import { requestOf } from './curl.js';
import type { Called } from './signing.js';

/** A shell script that triggers a webhook and waits for the result with the same request. */
export function curlWaitSnippet(called: Called): string {
  const { before, target, options } = requestOf(called);
  return `${before}
# Prints the state and the result once the run has ended. After 60 seconds, or if too many callers wait, it
# prints only the task_id. If the event is refused, it prints why and fails.
curl -sS --fail-with-body ${target} \\
  -H 'Prefer: wait=60' \\
  -H "Idempotency-Key: example-$(date +%s)" \\
  ${options}
`;
}
