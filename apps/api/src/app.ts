import type { Duplex } from 'node:stream';
import { VERSION } from '@agenthook/contracts';
import { type Context, checkNotEmptied, createWaiters, forManagement, type Waiters } from '@agenthook/core';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { type Authenticator, createAuthenticator } from './access/authenticator.js';
import { createHttpServer } from './http-server.js';
import { registerAccess } from './plugins/access.js';
import { registerActivity } from './plugins/activity.js';
import { noteAllowedMethods } from './plugins/allowed-methods.js';
import { addHeaders, answerHeaders, registerAnswerHeaders } from './plugins/answer-headers.js';
import { allowAnyOrigin } from './plugins/any-origin.js';
import { registerAudit } from './plugins/audit.js';
import { BODY_BYTES, registerBodies } from './plugins/bodies.js';
import { answerClientError } from './plugins/client-errors.js';
import { registerCompactAnswers } from './plugins/compact-answers.js';
import { registerDraining } from './plugins/draining.js';
import { registerIds } from './plugins/ids.js';
import { registerOpenApi } from './plugins/openapi.js';
import { answerUnread, registerProblems } from './plugins/problems.js';
import { createRequestIds, registerRequestLog } from './plugins/request-log.js';
import { studioPlugin } from './plugins/studio.js';
import { registerUnreadAnswers } from './plugins/unread-answers.js';
import { registerValidation } from './plugins/validation.js';
import { agentCallbackRoutes } from './routes/agent-callback.js';
import { agentFilterRoutes } from './routes/agent-filter.js';
import { agentMcpToolRoutes } from './routes/agent-mcp-tools.js';
import { agentPreviewRoutes } from './routes/agent-preview.js';
import { agentScheduleRoutes } from './routes/agent-schedules.js';
import { agentSigningRoutes } from './routes/agent-signing.js';
import { agentTestRoutes } from './routes/agent-test.js';
import { agentVersionRoutes } from './routes/agent-versions.js';
import { agentWebhookRoutes } from './routes/agent-webhook.js';
import { agentRoutes } from './routes/agents.js';
import { alertRoutes } from './routes/alerts.js';
import { allEventRoutes } from './routes/all-events.js';
import { approvalRoutes } from './routes/approvals.js';
import { auditRoutes } from './routes/audit.js';
import { budgetRoutes } from './routes/budget.js';
import { bulkRoutes } from './routes/bulk.js';
import { conversationRoutes } from './routes/conversations.js';
import { decisionLinkRoutes } from './routes/decision-links.js';
import { documentRoutes } from './routes/documents.js';
import { errorRoutes } from './routes/errors.js';
import { filteredRoutes } from './routes/filtered.js';
import { keyRoutes } from './routes/keys.js';
import { metricsRoutes } from './routes/metrics.js';
import { notifyChannelRoutes } from './routes/notify-channels.js';
import { pauseRoutes } from './routes/pauses.js';
import { rejectionRoutes } from './routes/rejections.js';
import { senderRoutes } from './routes/senders.js';
import { sessionRoutes } from './routes/session.js';
import { signInLinkRoutes } from './routes/sign-in-link.js';
import { statsRoutes } from './routes/stats.js';
import { systemRoutes } from './routes/system.js';
import { taskAttachmentRoutes } from './routes/task-attachments.js';
import { taskEraseRoutes } from './routes/task-erase.js';
import { taskEventRoutes } from './routes/task-events.js';
import { taskExportRoutes } from './routes/task-export.js';
import { taskListRoutes } from './routes/task-list.js';
import { taskShareRoutes } from './routes/task-share.js';
import { taskStatusRoutes } from './routes/task-status.js';
import { taskRoutes } from './routes/tasks.js';
import { toolRoutes } from './routes/tools.js';
import { webhookRoutes } from './routes/webhooks.js';
import type { ApiSettings } from './settings.js';

/** A base URL that ends in a slash, joined with a path, has two slashes in a row. */
const ROUTER = { maxParamLength: 500, ignoreDuplicateSlashes: true };

/** Builds the HTTP application. It does not listen, and it does not close the context. */
export async function buildApp(ctx: Context, settings: ApiSettings): Promise<FastifyInstance> {
  const headers = answerHeaders(settings.isHttps === true);
  const refuse = (error: NodeJS.ErrnoException, socket: Duplex) =>
    answerClientError(ctx.log, error, socket, headers);
  const app = Fastify({
    loggerInstance: ctx.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: settings.trustProxy ?? false,
    bodyLimit: BODY_BYTES,
    genReqId: createRequestIds(),
    serverFactory: (handler) => createHttpServer(handler, refuse),
    forceCloseConnections: 'idle',
    // Fastify's own refusal is no problem+json. What arrives while the server closes is answered.
    return503OnClosing: false,
    routerOptions: ROUTER,
    // The router's own error texts would repeat the URL, and with it a token.
    frameworkErrors: (_error, request, reply) => {
      addHeaders(reply, Object.entries(headers));
      answerUnread(request, reply);
    },
    clientErrorHandler: refuse,
  });
  if (settings.enterStep) registerActivity(app, settings.enterStep);
  if (settings.isStopping) registerDraining(app, settings.isStopping);
  registerAnswerHeaders(app, headers);
  registerUnreadAnswers(app);
  settings.trace?.(app);
  registerRequestLog(app, ctx.metrics);
  registerProblems(app, noteAllowedMethods(app, ROUTER), () => checkNotEmptied(ctx));
  registerBodies(app);
  registerValidation(app);
  const managed = { ctx: forManagement(ctx) };
  const authenticator = createAuthenticator(managed.ctx, settings.adminApiKey);
  registerAudit(app, managed);
  registerAccess(app, { ...managed, settings, authenticator });
  registerIds(app);
  await registerCompactAnswers(app);
  await registerOpenApi(app, VERSION);

  // Runs before the server waits for open requests, so that waiting polls end.
  const waiters = createWaiters(ctx);
  app.addHook('preClose', async () => waiters.close());

  // Callable from browsers on any origin: tokens and task ids are capabilities, and cookies play no part.
  await app.register(async (open) => {
    allowAnyOrigin(open);
    if (settings.role !== 'management') await open.register(webhookRoutes, { ctx, settings, waiters });
    await open.register(taskStatusRoutes, { ctx, waiters });
    await open.register(taskEventRoutes, { ctx, waiters });
  });
  if (settings.role !== 'intake')
    await registerManagement(app, { ...managed, settings, waiters, authenticator });
  await app.register(metricsRoutes, { ...managed, settings });
  await app.register(systemRoutes, { ctx, settings });
  await app.register(errorRoutes);
  return app;
}

interface Managed {
  ctx: Context;
  settings: ApiSettings;
  waiters: Waiters;
  authenticator: Authenticator;
}

/** What people and programs with a key use, and the Studio. A process that only takes events lacks it. */
async function registerManagement(app: FastifyInstance, own: Managed): Promise<void> {
  const { settings, waiters, authenticator } = own;
  const managed = { ctx: own.ctx };
  // Managed routes read large data, so they have their own connection. Triggers never wait behind them.
  await app.register(agentRoutes, { ...managed, settings });
  await app.register(agentPreviewRoutes, managed);
  await app.register(agentVersionRoutes, managed);
  await app.register(agentTestRoutes, { ...managed, settings, waiters });
  await app.register(agentSigningRoutes, managed);
  await app.register(agentWebhookRoutes, { ...managed, settings });
  await app.register(agentCallbackRoutes, managed);
  await app.register(agentFilterRoutes, managed);
  await app.register(agentMcpToolRoutes, managed);
  await app.register(agentScheduleRoutes, managed);
  await app.register(rejectionRoutes, managed);
  await app.register(filteredRoutes, managed);
  await app.register(allEventRoutes, managed);
  await app.register(documentRoutes, managed);
  await app.register(conversationRoutes, managed);
  await app.register(taskListRoutes, managed);
  await app.register(taskExportRoutes, managed);
  await app.register(taskRoutes, managed);
  await app.register(taskAttachmentRoutes, managed);
  await app.register(taskShareRoutes, { ...managed, settings });
  await app.register(taskEraseRoutes, managed);
  await app.register(bulkRoutes, managed);
  await app.register(pauseRoutes, managed);
  await app.register(approvalRoutes, { ...managed, settings });
  await app.register(decisionLinkRoutes, managed);
  await app.register(statsRoutes, managed);
  await app.register(budgetRoutes, managed);
  await app.register(notifyChannelRoutes, managed);
  await app.register(alertRoutes, managed);
  await app.register(toolRoutes, managed);
  await app.register(senderRoutes);
  await app.register(keyRoutes, managed);
  await app.register(auditRoutes, managed);
  await app.register(sessionRoutes, { ...managed, settings, authenticator });
  await app.register(signInLinkRoutes, { ...managed, settings });
  if (settings.studioDist === undefined)
    app.get('/', { schema: { hide: true }, config: { quiet: true } }, redirectToDocs);
  else await app.register(studioPlugin, { dist: settings.studioDist });
}

/** Without a built Studio, the API's own page is the home page. */
const redirectToDocs = (_request: FastifyRequest, reply: FastifyReply) => reply.redirect('/docs/');
