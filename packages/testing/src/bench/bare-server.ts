import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';

/** The webhook's route with nothing behind it: what Fastify alone costs on this machine. */
const schema = {
  params: { type: 'object', properties: { token: { type: 'string' } }, required: ['token'] },
  body: {},
  response: { 200: { type: 'object', properties: { task_id: { type: 'string' } } } },
};

const app = Fastify();
app.post('/api/webhooks/agents/:token', { schema }, async () => ({ task_id: randomUUID() }));
await app.listen({ port: 0, host: '127.0.0.1' });
process.send?.({ port: (app.server.address() as AddressInfo).port });
process.on('disconnect', () => process.exit(0));
