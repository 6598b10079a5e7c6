/** A program for Node 18 and later (an ES module) that triggers a webhook and reads the result. */
export const javascriptSnippet = (url: string | undefined, payload: unknown): string =>
  `const WEBHOOK_URL = ${url === undefined ? 'process.env.WEBHOOK_URL' : JSON.stringify(url)};
const API = WEBHOOK_URL.split('/api/webhooks/')[0];

const payload = ${JSON.stringify(payload, null, 2)};

const accepted = await fetch(WEBHOOK_URL, {
  method: 'POST',
  headers: {
    'Content-Type': 'application/json',
    // What your event is called: a retry of it under the same key makes no second run.
    'Idempotency-Key': crypto.randomUUID(),
  },
  body: JSON.stringify(payload),
});
if (!accepted.ok) throw new Error(await accepted.text());
const { task_id } = await accepted.json();

let task;
do {
  // Answers once the run has ended, or after 30 seconds with how far it is.
  const answer = await fetch(\`\${API}/api/task_status?task_id=\${task_id}&wait=30\`);
  if (!answer.ok) throw new Error(await answer.text());
  task = await answer.json();
} while (task.status !== 'SUCCESS' && task.status !== 'FAILURE');

console.log(task.status, task.result);
`;
