import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const key = Buffer.from(process.env.CALLBACK_SECRET.slice('whsec_'.length), 'base64');
const TOLERANCE_SECONDS = 300;

function isGenuine(headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures = '' } = headers;
  const age = Math.abs(Date.now() / 1000 - Number(timestamp));
  if (!(age <= TOLERANCE_SECONDS)) return false;
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  // Two while a secret is being rotated.
  return signatures.split(' ').some((item) => {
    const [version, signature = ''] = item.split(',');
    const given = Buffer.from(signature, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  if (!isGenuine(request.headers, body)) {
    console.log('refused');
    return response.writeHead(400).end();
  }
  const { type, data } = JSON.parse(body);
  console.log(type, data.task_id, data.result.answer ?? data.result.error.code);
  response.writeHead(204).end();
}).listen(Number(process.env.PORT ?? 3000));
