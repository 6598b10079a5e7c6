import { ExactNumber } from '@agenthook/json';

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

/** A Python 3 program without dependencies that triggers a webhook and reads the result. */
export const pythonSnippet = (url: string | undefined, payload: unknown): string =>
  `import json
${url === undefined ? 'import os\n' : ''}import urllib.request
import uuid

WEBHOOK_URL = ${url === undefined ? 'os.environ["WEBHOOK_URL"]' : JSON.stringify(url)}
API = WEBHOOK_URL.split("/api/webhooks/")[0]

payload = ${pythonLiteral(payload)}

request = urllib.request.Request(
    WEBHOOK_URL,
    data=json.dumps(payload).encode(),
    headers={
        "Content-Type": "application/json",
        # What your event is called: a retry of it under the same key makes no second run.
        "Idempotency-Key": str(uuid.uuid4()),
    },
)
with urllib.request.urlopen(request) as answer:
    task_id = json.load(answer)["task_id"]

while True:
    # Answers once the run has ended, or after 30 seconds with how far it is.
    status_url = f"{API}/api/task_status?task_id={task_id}&wait=30"
    with urllib.request.urlopen(status_url) as answer:
        task = json.load(answer)
    if task["status"] in ("SUCCESS", "FAILURE"):
        break

print(task["status"], json.dumps(task["result"], indent=2))
`;
