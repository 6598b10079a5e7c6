import { MAX_FILES } from '@agenthook/contracts';
import { AppError, type Context, readAttachment } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { problems } from '../plugins/describe.js';

/** Types that a browser shows as pictures and never runs. Everything else is a download. */
const PICTURES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

const schema = {
  tags: ['Tasks'],
  operationId: 'getAttachment',
  summary: 'Read a file of a task',
  description:
    "The bytes of a file that came with the task's event, or that its run has fetched. The trace lists them as " +
    '`attachments`. Pictures keep their type; every other file is sent as `application/octet-stream`.',
  params: Type.Object({
    id: Type.String({ description: 'The task id.' }),
    index: Type.Integer({ minimum: 0, maximum: MAX_FILES - 1, description: 'Its place in `attachments`.' }),
  }),
  response: {
    200: {
      description: 'The file.',
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    },
    ...problems(
      'invalid_request',
      'unknown_task',
      'unknown_attachment',
      'attachments_unavailable',
      'redis_unavailable',
      'archive_unavailable',
      'texts_sealed',
    ),
  },
};

/** GET /api/tasks/:id/attachments/:index */
export async function taskAttachmentRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  app.get<{ Params: { id: string; index: number } }>(
    '/api/tasks/:id/attachments/:index',
    // A file is sent byte by byte as it came, with its length.
    { schema, config: { access: 'viewer', withhold: 'nothing' }, compress: false },
    async (request, reply) => {
      if (request.caller?.see_payloads === false)
        throw new AppError('forbidden', 'Your key may not see payloads, nor the files of tasks.');
      const { id, index } = request.params;
      const { content, filename, media_type } = await readAttachment(ctx, id, index);
      const isPicture = PICTURES.has(media_type);
      return reply
        .type(isPicture ? media_type : 'application/octet-stream')
        .headers({
          'content-disposition': `${isPicture ? 'inline' : 'attachment'}; filename*=UTF-8''${encoded(filename)}`,
          // A stranger made it: nothing in it may run, and it may not pose as a page of this server.
          'content-security-policy': "default-src 'none'; sandbox",
          'x-content-type-options': 'nosniff',
          'cache-control': 'private, no-store',
        })
        .send(content);
    },
  );
}

/** A name as RFC 8187 writes it. Half a surrogate pair, which cannot be written, is replaced. */
const encoded = (name: string): string =>
  encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
