import { finished } from 'node:stream/promises';
import {
  DOCUMENT_TYPES,
  type Document,
  DocumentList,
  DocumentName,
  MAX_AGENT_DOCUMENT_BYTES,
  MAX_DOCUMENT_BYTES,
  MAX_DOCUMENTS,
  MAX_UPLOAD_BYTES,
} from '@agenthook/contracts';
import {
  AppError,
  addDocument,
  atOnce,
  type Context,
  getAgent,
  listDocuments,
  removeDocument,
} from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyError, FastifyInstance } from 'fastify';
import { createTextReader, documentTypeOf } from '../documents/document-text.js';
import { answer, problems } from '../plugins/describe.js';
import * as examples from './examples/index.js';

const MIB = 1024 * 1024;
/** How many uploads are processed at once; the others wait. */
const MAX_UPLOADS = 8;
const SEND_TYPES = `Send ${DOCUMENT_TYPES.slice(0, -1).join(', ')} or ${DOCUMENT_TYPES.at(-1)}.`;
const NO_BODY = 'The request has no body; send the file.';
const UPLOAD_LIMIT = `An upload may have at most ${MAX_UPLOAD_BYTES / MIB} MiB.`;

const id = Type.String({ description: 'For example `agt_…`.' });
const params = Type.Object({ id });
const common = { tags: ['Agents'] };

const upload = {
  ...common,
  operationId: 'addDocument',
  summary: 'Add a document to an agent',
  description:
    'Agents with a `documents` tool can then search its text. The body is the file itself. PDFs are ' +
    `reduced to their text; scans contain none. ${UPLOAD_LIMIT} A document may have at most ` +
    `${MAX_DOCUMENT_BYTES / MIB} MiB of text, and an agent ${MAX_DOCUMENTS} documents and ` +
    `${MAX_AGENT_DOCUMENT_BYTES / MIB} MiB of text.`,
  params,
  querystring: Type.Object({ name: DocumentName }),
  body: Type.Unsafe({
    content: Object.fromEntries(
      DOCUMENT_TYPES.map((type) => [
        type,
        { schema: { type: 'string', ...(type.startsWith('application/') && { format: 'binary' }) } },
      ]),
    ),
  }),
  response: {
    201: answer('The document, without its text.', Type.Ref('Document'), examples.document),
    ...problems(
      'invalid_request',
      ['empty_body', NO_BODY],
      'unknown_agent',
      'too_many_documents',
      'document_too_large',
      ['unsupported_media_type', SEND_TYPES],
      'unreadable_document',
      'busy',
      'redis_unavailable',
    ),
  },
};

const list = {
  ...common,
  operationId: 'listDocuments',
  summary: 'List the documents of an agent',
  description: 'Newest first.',
  params,
  response: {
    200: answer('All documents, without their texts.', DocumentList, { documents: [examples.document] }),
    ...problems('unknown_agent', 'redis_unavailable'),
  },
};

const remove = {
  ...common,
  operationId: 'removeDocument',
  summary: 'Remove a document from an agent',
  description: "The agent's next search no longer finds it.",
  params: Type.Object({ id, document_id: Type.String({ description: 'For example `doc_…`.' }) }),
  response: {
    204: Type.Null({ description: 'Removed.' }),
    ...problems('unknown_agent', 'unknown_document', 'redis_unavailable'),
  },
};

/** The upload route. It has its own scope because its parsers, limit and errors differ. */
async function uploadRoute(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  const stopping = new AbortController();
  app.addHook('preClose', async () =>
    stopping.abort(new AppError('busy', 'The server is stopping. Send the file again.')),
  );
  const readText = createTextReader(stopping.signal);
  const oneOfFew = atOnce(MAX_UPLOADS);
  // Runs before the body is read, so that a waiting upload holds no memory.
  app.addHook('onRequest', (_request, reply, done) => {
    void oneOfFew(() => {
      done();
      return finished(reply.raw).catch(() => undefined);
    });
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser([...DOCUMENT_TYPES], { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  app.setErrorHandler((error: FastifyError) => {
    if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') throw new AppError('document_too_large', UPLOAD_LIMIT);
    if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
      throw new AppError('unsupported_media_type', SEND_TYPES);
    throw error;
  });
  const validate = app.validatorCompiler;
  app.setValidatorCompiler((part) => {
    // The body is bytes here. Its schema is only documentation.
    if (part.httpPart === 'body' || !validate) return () => true;
    return validate(part);
  });

  app.post<{ Params: { id: string }; Querystring: { name: string }; Body: Buffer | undefined }>(
    '/api/agents/:id/documents',
    { schema: upload, config: { access: 'admin' }, bodyLimit: MAX_UPLOAD_BYTES },
    async (request, reply): Promise<Document> => {
      const { id: agentId } = request.params;
      const { body } = request;
      const contentType = documentTypeOf(request.headers['content-type']);
      if (!body || body.length === 0) throw new AppError('empty_body', NO_BODY);
      if (!contentType) throw new AppError('unsupported_media_type', SEND_TYPES);
      // Checked before the file is read, which may take long.
      await getAgent(ctx, agentId);
      const text = await readText(body, contentType);
      const document = await addDocument(ctx, agentId, { name: request.query.name.trim(), text });
      reply.status(201).header('location', `/api/agents/${agentId}/documents`);
      return document;
    },
  );
}

/** /api/agents/:id/documents: the texts that an agent can search. */
export async function documentRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  await app.register(uploadRoute, { ctx });

  app.get<{ Params: { id: string } }>(
    '/api/agents/:id/documents',
    { schema: list, config: { access: 'viewer', withhold: 'nothing' } },
    async (request): Promise<DocumentList> => ({ documents: await listDocuments(ctx, request.params.id) }),
  );

  app.delete<{ Params: { id: string; document_id: string } }>(
    '/api/agents/:id/documents/:document_id',
    { schema: remove, config: { access: 'admin' } },
    async (request, reply) => {
      await removeDocument(ctx, request.params.id, request.params.document_id);
      return reply.status(204).send();
    },
  );
}
