// The webhook URL that `npm start` prints.
const webhookUrl = process.env.WEBHOOK_URL ?? 'http://localhost:7091/api/webhooks/agents/YOUR_TOKEN';
const statusUrl = `${webhookUrl.split('/webhooks/')[0]}/task_status`;

async function call(url, options) {
  const response = await fetch(url, options);
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
}

const { task_id } = await call(webhookUrl, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ question: 'My printer does not print. What now?' }),
});

while (true) {
  const { status, result } = await call(`${statusUrl}?task_id=${task_id}`);
  if (status === 'SUCCESS' || status === 'FAILURE') {
    console.log(status, result);
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 2000));
}
