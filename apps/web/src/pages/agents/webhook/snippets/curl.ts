import { quoted } from '../../../runs/detail/curl.js';

const FROM_ENVIRONMENT = `: "\${WEBHOOK_URL:?Set it to the URL of the webhook}"`;

/** The first line of a shell script. Without a URL, it reads one from its environment. */
export const webhookUrlLine = (url: string | undefined): string =>
  url === undefined ? FROM_ENVIRONMENT : `WEBHOOK_URL=${quoted(url)}`;

/**
 * A shell script that triggers a webhook and reads the result. Without a URL, it reads one from its
 * environment.
 */
export const curlSnippet = (url: string | undefined, payload: unknown): string =>
  `${webhookUrlLine(url)}
# What your event is called: a retry of it under the same key makes no second run.
KEY="example-$(date +%s)"

ANSWER=$(curl -sS --retry 3 "$WEBHOOK_URL" \\
  -H 'Content-Type: application/json' \\
  -H "Idempotency-Key: $KEY" \\
  --data-raw ${quoted(JSON.stringify(payload, null, 2))})
echo "$ANSWER"
TASK_ID=$(printf '%s' "$ANSWER" | sed -n 's/.*"task_id": *"\\([^"]*\\)".*/\\1/p')

# Answers once the run has ended, or after 60 seconds with how far it is: then ask again.
curl -sS "\${WEBHOOK_URL%%/api/webhooks/*}/api/task_status?task_id=$TASK_ID&wait=60"
`;
