import type { Problem } from '@agenthook/contracts';
import type { FastifyInstance } from 'fastify';
import { ANYWHERE } from '../src/plugins/complete-description.js';

type Answers = Record<string, { content?: Record<string, { examples?: object }> }>;

/** Records each error code that a described route answers with but does not list. */
export function noteUndescribed(app: FastifyInstance, noted: Set<string>): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const { schema, method, url } = request.routeOptions;
    const type = String(reply.getHeader('content-type') ?? '');
    if (!schema || schema.hide || typeof payload !== 'string' || !type.includes('problem+json')) return;
    const { code, status } = JSON.parse(payload) as Problem;
    const answers = (schema.response ?? {}) as Answers;
    const listed = Object.keys(answers[status]?.content?.['application/problem+json']?.examples ?? {});
    if (![...listed, ...ANYWHERE].includes(code)) noted.add(`${method} ${url} ${code}`);
  });
}
