import { type Called, codeContent, codeHeaders, needsSecret, type Signing, usesOf } from './signing.js';

const KEYS = {
  text: 'secret',
  hex: "Buffer.from(secret, 'hex')",
  base64: "Buffer.from(secret, 'base64')",
  whsec: "Buffer.from(secret.replace(/^whsec_/, ''), 'base64')",
};

function proofOf(signing: Signing): string {
  if (!needsSecret(signing)) return '';
  const lines = [
    `const secret = process.env.WEBHOOK_SECRET;`,
    `if (!secret) throw new Error('Set WEBHOOK_SECRET to the secret of the webhook');`,
  ];
  const now =
    signing.kind === 'hmac' && signing.time === 'rfc3339'
      ? 'new Date().toISOString()'
      : 'String(Math.floor(Date.now() / 1000))';
  if (usesOf(signing, 'timestamp')) lines.push(`const timestamp = ${now};`);
  if (usesOf(signing, 'id')) lines.push('const id = crypto.randomUUID();');
  if (signing.kind === 'hmac') {
    const { algorithm, encoding, key } = signing;
    lines.push(
      `const signature = createHmac('${algorithm}', ${KEYS[key]})`,
      `  .update(${codeContent(signing)})`,
      `  .digest('${encoding}');`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function headersOf({ signing, headers }: Called): string {
  const own = Object.entries(headers).map(([name, value]) => [name, JSON.stringify(value)]);
  const basic =
    signing.kind === 'basic'
      ? [['Authorization', `'Basic ' + btoa(${JSON.stringify(`${signing.username}:`)} + secret)`]]
      : [];
  return [...own, ...codeHeaders(signing), ...basic]
    .map(([name, value]) => `    ${JSON.stringify(name)}: ${value},\n`)
    .join('');
}

/**
 * A program for Node 20 and later (an ES module) that triggers a webhook and reads the result. It throws if
 * the webhook refuses the event.
 */
export function javascriptSnippet(called: Called): string {
  const { url, payload, signing } = called;
  const target =
    signing.kind === 'query'
      ? `\`\${WEBHOOK_URL}?${encodeURIComponent(signing.parameter)}=\${encodeURIComponent(secret)}\``
      : 'WEBHOOK_URL';
  return `${signing.kind === 'hmac' ? "import { createHmac } from 'node:crypto';\n\n" : ''}const WEBHOOK_URL = ${url === undefined ? 'process.env.WEBHOOK_URL' : JSON.stringify(url)};
const API = WEBHOOK_URL.split('/api/webhooks/')[0];

const payload = ${JSON.stringify(payload, null, 2)};
const body = JSON.stringify(payload);
${proofOf(signing)}
const accepted = await fetch(${target}, {
  method: 'POST',
  headers: {
    'Content-Type': 'application/json',
    // What your event is called: a retry of it under the same key makes no second run.
    'Idempotency-Key': crypto.randomUUID(),
${headersOf(called)}  },
  body,
});
if (!accepted.ok) throw new Error(await accepted.text());
const status = accepted.headers.get('location');
if (status === null) {
  console.log('The event made no run:', await accepted.text());
  process.exit();
}

let task;
do {
  // Answers once the run has ended, or after 30 seconds with how far it is.
  const answer = await fetch(\`\${API}\${status}&wait=30\`);
  if (!answer.ok) throw new Error(await answer.text());
  task = await answer.json();
} while (task.status !== 'SUCCESS' && task.status !== 'FAILURE');

console.log(task.status, task.result);
`;
}
