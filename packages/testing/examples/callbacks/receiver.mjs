import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const webhook = new Webhook(process.env.CALLBACK_SECRET); // whsec_…

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    // The bytes as received: JSON that was parsed and serialized again has another signature.
    const { type, data } = webhook.verify(Buffer.concat(chunks), request.headers);
    console.log(type, data.task_id, data.result.answer ?? data.result.error.code);
    response.writeHead(204).end();
  } catch {
    console.log('refused');
    response.writeHead(400).end();
  }
}).listen(Number(process.env.PORT ?? 3000));
