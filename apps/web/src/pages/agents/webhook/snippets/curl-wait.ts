import { quoted } from '../../../runs/detail/curl.js';
import { webhookUrlLine } from './curl.js';

/** A shell script that triggers a webhook and waits for the result with the same request. */
export const curlWaitSnippet = (url: string | undefined, payload: unknown): string =>
  `${webhookUrlLine(url)}
# Prints the state and the result once the run has ended. After 60 seconds, or if too many callers wait, it
# prints only the task_id.
curl -sS "$WEBHOOK_URL" \\
  -H 'Prefer: wait=60' \\
  -H 'Content-Type: application/json' \\
  -H "Idempotency-Key: example-$(date +%s)" \\
  --data-raw ${quoted(JSON.stringify(payload, null, 2))}
`;
