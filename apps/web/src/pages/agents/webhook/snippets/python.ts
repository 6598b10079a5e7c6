import { ExactNumber } from '@agenthook/json';
import { type Called, codeContent, codeHeaders, needsSecret, type Signing, usesOf } from './signing.js';

const INDENT = '    ';

/** Formats a JSON value as Python. */
export function pythonLiteral(value: unknown, indent = ''): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object' || value instanceof ExactNumber) return JSON.stringify(value);
  const inner = indent + INDENT;
  const items = Array.isArray(value)
    ? value.map((item) => pythonLiteral(item, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${pythonLiteral(item, inner)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (items.length === 0) return open + close;
  return `${open}\n${items.map((item) => `${inner}${item},\n`).join('')}${indent}${close}`;
}

const KEYS = {
  text: 'secret.encode()',
  hex: 'bytes.fromhex(secret)',
  base64: 'base64.b64decode(secret)',
  whsec: 'base64.b64decode(secret.removeprefix("whsec_"))',
};

function proofOf(signing: Signing): string {
  if (!needsSecret(signing)) return '';
  const lines = ['secret = os.environ["WEBHOOK_SECRET"]'];
  const now =
    signing.kind === 'hmac' && signing.time === 'rfc3339'
      ? 'time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())'
      : 'str(int(time.time()))';
  if (usesOf(signing, 'timestamp')) lines.push(`timestamp = ${now}`);
  if (usesOf(signing, 'id')) lines.push('id = str(uuid.uuid4())');
  if (signing.kind === 'hmac') {
    const { algorithm, encoding, key } = signing;
    lines.push(
      `digest = hmac.new(${KEYS[key]}, (${codeContent(signing)}).encode(), "${algorithm}")`,
      encoding === 'hex'
        ? 'signature = digest.hexdigest()'
        : 'signature = base64.b64encode(digest.digest()).decode()',
    );
  }
  return `${lines.join('\n')}\n`;
}

function headersOf({ signing, headers }: Called): string {
  const own = Object.entries(headers).map(([name, value]) => [name, JSON.stringify(value)]);
  const user = signing.kind === 'basic' ? JSON.stringify(`${signing.username}:`) : '';
  const basic = user
    ? [['Authorization', `"Basic " + base64.b64encode((${user} + secret).encode()).decode()`]]
    : [];
  return [...own, ...codeHeaders(signing), ...basic]
    .map(([name, value]) => `        ${JSON.stringify(name)}: ${value},\n`)
    .join('');
}

function importsOf({ url, signing }: Called): string {
  const names = ['json', 'sys', 'urllib.error', 'urllib.request', 'uuid'];
  if (url === undefined || needsSecret(signing)) names.push('os');
  if (signing.kind === 'query') names.push('urllib.parse');
  if (signing.kind === 'hmac') names.push('hmac', 'base64');
  if (signing.kind === 'basic') names.push('base64');
  if (usesOf(signing, 'timestamp')) names.push('time');
  return names
    .sort()
    .map((name) => `import ${name}\n`)
    .join('');
}

/**
 * A Python 3.9 program without dependencies that triggers a webhook and reads the result. It ends where the
 * webhook refuses the event.
 */
export function pythonSnippet(called: Called): string {
  const { url, payload, signing } = called;
  const target =
    signing.kind === 'query'
      ? `WEBHOOK_URL + "?" + urllib.parse.urlencode({${JSON.stringify(signing.parameter)}: secret})`
      : 'WEBHOOK_URL';
  return `${importsOf(called)}
WEBHOOK_URL = ${url === undefined ? 'os.environ["WEBHOOK_URL"]' : JSON.stringify(url)}
API = WEBHOOK_URL.split("/api/webhooks/")[0]

payload = ${pythonLiteral(payload)}
body = json.dumps(payload)
${proofOf(signing)}
request = urllib.request.Request(
    ${target},
    data=body.encode(),
    headers={
        "Content-Type": "application/json",
        # What your event is called: a retry of it under the same key makes no second run.
        "Idempotency-Key": str(uuid.uuid4()),
${headersOf(called)}    },
)
try:
    with urllib.request.urlopen(request) as answer:
        status = answer.headers["Location"]
except urllib.error.HTTPError as refusal:
    sys.exit(refusal.read().decode())
if status is None:
    sys.exit("The event made no run.")

while True:
    # Answers once the run has ended, or after 30 seconds with how far it is.
    with urllib.request.urlopen(f"{API}{status}&wait=30") as answer:
        task = json.load(answer)
    if task["status"] in ("SUCCESS", "FAILURE"):
        break

print(task["status"], json.dumps(task["result"], indent=2))
`;
}
