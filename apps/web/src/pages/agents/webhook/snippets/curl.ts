import { quoted } from '../../../runs/detail/curl.js';
import { type Called, shellProof } from './signing.js';

const FROM_ENVIRONMENT = `: "\${WEBHOOK_URL:?Set it to the URL of the webhook}"`;

/** The first line of a shell script. Without a URL, it reads one from its environment. */
const webhookUrlLine = (url: string | undefined): string =>
  url === undefined ? FROM_ENVIRONMENT : `WEBHOOK_URL=${quoted(url)}`;

/** The lines before a request, and its options but for its idempotency key. */
export function requestOf({ url, payload, signing, headers }: Called) {
  const { lines, options } = shellProof(signing);
  const target =
    signing.kind === 'query'
      ? `"$WEBHOOK_URL?${encodeURIComponent(signing.parameter)}=$TOKEN"`
      : '"$WEBHOOK_URL"';
  return {
    before: [webhookUrlLine(url), `BODY=${quoted(JSON.stringify(payload, null, 2))}`, ...lines].join('\n'),
    target,
    options: [
      `-H 'Content-Type: application/json'`,
      ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
      ...options,
      '--data-raw "$BODY"',
    ].join(' \\\n  '),
  };
}

/**
 * A shell script that triggers a webhook and reads the result. It ends where the webhook refuses the event.
 * Without a URL, it reads one from its environment.
 */
export function curlSnippet(called: Called): string {
  const { before, target, options } = requestOf(called);
  return `${before}
# What your event is called: a retry of it under the same key makes no second run.
KEY_OF_EVENT="example-$(date +%s)"

HEAD=$(mktemp)
# Prints the answer. If the event is refused, nothing runs.
curl -sS --fail-with-body --retry 3 -D "$HEAD" ${target} \\
  -H "Idempotency-Key: $KEY_OF_EVENT" \\
  ${options} || exit 1
echo
STATUS=$(sed -n 's/^[Ll]ocation: *\\([^[:space:]]*\\).*/\\1/p' "$HEAD" | tail -n 1)
[ -n "$STATUS" ] || { echo 'The event made no run.'; exit 0; }

# Answers once the run has ended, or after 60 seconds with how far it is: then ask again.
curl -sS --fail-with-body "\${WEBHOOK_URL%%/api/webhooks/*}$STATUS&wait=60"
`;
}
