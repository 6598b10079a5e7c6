import { type ModelList, PROVIDER_NEEDS } from '@agenthook/contracts';
import {
  type Context,
  checkArchive,
  checkBlobs,
  checkClocks,
  checkDisk,
  checkLogs,
  checkRedis,
  checkRetention,
  checkSealing,
  checkStores,
  EMPTIED,
  isEmptied,
  isRedisUnavailable,
  liveProcesses,
  liveWorkers,
  refusesUs,
  whyAway,
} from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { createMetricsGuard } from '../access/metrics-key.js';
import { answer, problems } from '../plugins/describe.js';
import type { ApiSettings } from '../settings.js';

const readinessDetails = {
  redis: Type.Boolean(),
  workers: Type.Integer({ description: 'Workers that reported in the last 15 s.' }),
  clock_skew_seconds: Type.Integer({
    description: "The largest difference between the clock of a process's machine and Redis's.",
  }),
  seals_at_rest: Type.Boolean({
    description: 'Whether this process seals events and files before it stores them (`SEAL_AT_REST`).',
  }),
  problems: Type.Array(Type.String(), { description: 'What needs attention; one line each.' }),
};
const FullReadiness = Type.Object({ ready: Type.Boolean(), ...readinessDetails });
const Readiness = Type.Object({
  ready: Type.Boolean(),
  ...Type.Partial(Type.Object(readinessDetails)).properties,
});

const healthSchema = {
  operationId: 'getHealth',
  summary: 'Liveness check',
  description: 'Does not check Redis or workers; see /readyz.',
  tags: ['System'],
  response: {
    200: answer('The process answers.', Type.Object({ status: Type.Literal('ok') }), { status: 'ok' }),
  },
};

const readySchema = {
  operationId: 'getReadiness',
  summary: 'Readiness check',
  description:
    'Ready when Redis answers and stores and a worker is alive. 503 names what is missing. If ' +
    'METRICS_KEY is set, only callers that send it (`Authorization: Bearer <METRICS_KEY>`) see more ' +
    'than `ready`.',
  tags: ['System'],
  security: [{}, { metricsKey: [] }],
  response: {
    200: answer('Ready.', Readiness, {
      ready: true,
      redis: true,
      workers: 1,
      clock_skew_seconds: 0,
      seals_at_rest: false,
      problems: [],
    }),
    503: answer('Not ready.', Readiness, {
      ready: false,
      redis: true,
      workers: 0,
      clock_skew_seconds: 0,
      seals_at_rest: false,
      problems: ['No worker is alive: tasks are stored but do not run.'],
    }),
  },
};

const detailsSchema = {
  operationId: 'getReadinessDetails',
  summary: 'Readiness check with details',
  description:
    'The same as /readyz, with the details even if METRICS_KEY guards them there. Always answers 200.',
  tags: ['System'],
  response: {
    200: answer('The state.', FullReadiness, {
      ready: true,
      redis: true,
      workers: 1,
      clock_skew_seconds: 0,
      seals_at_rest: false,
      problems: [],
    }),
    ...problems('redis_unavailable'),
  },
};

const modelsSchema = {
  operationId: 'listModels',
  summary: 'List model providers',
  description:
    'The built-in providers and those of PROVIDERS_FILE, how to configure each, and which of them the live ' +
    'workers can call.',
  tags: ['System'],
  response: {
    200: answer('The providers.', Type.Ref('ModelList'), {
      default_model: 'sandbox:echo',
      providers: [{ provider: 'openai', kind: 'openai', configured: true, ...PROVIDER_NEEDS.openai }],
    } satisfies ModelList),
    ...problems('redis_unavailable'),
  },
};

/** Health, readiness and configuration. */
export async function systemRoutes(
  app: FastifyInstance,
  { ctx, settings }: { ctx: Context; settings: ApiSettings },
): Promise<void> {
  const maySee = createMetricsGuard(settings.metricsKey);
  let looking: Promise<string> | undefined;
  // Everyone who asks at the same time shares one connection to a Redis in trouble.
  const whyRedisIsAway = () => {
    looking ??= whyAway(ctx.redis).finally(() => {
      looking = undefined;
    });
    return looking;
  };

  app.get('/healthz', { schema: healthSchema, config: { quiet: true } }, async () => ({ status: 'ok' }));

  app.get('/readyz', { schema: readySchema, config: { quiet: true } }, async (request, reply) => {
    const state = await readiness(ctx, settings, whyRedisIsAway);
    const shown = maySee(request) ? state : { ready: state.ready };
    return reply.status(state.ready ? 200 : 503).send(shown);
  });

  app.get(
    '/api/readiness',
    { schema: detailsSchema, config: { access: 'viewer', withhold: 'nothing', quiet: true } },
    () => readiness(ctx, settings, whyRedisIsAway),
  );

  app.get(
    '/api/models',
    { schema: modelsSchema, config: { access: 'viewer', withhold: 'nothing' } },
    async (): Promise<ModelList> => {
      const configured = new Set<string>(
        (await liveWorkers(ctx)).flatMap((worker) => worker.providers ?? []),
      );
      return {
        default_model: settings.defaultModel,
        providers: ctx.models.providers.list(configured),
      };
    },
  );
}

async function readiness(
  ctx: Context,
  { redisDataDir, isStopping }: ApiSettings,
  whyRedisIsAway: () => Promise<string>,
) {
  const disk = await checkDisk(redisDataDir);
  try {
    const [check, processes, blobs] = await Promise.all([
      checkRedis(ctx.redis),
      liveProcesses(ctx),
      checkBlobs(ctx),
    ]);
    const fatal = [check.error ?? [], check.refusals, disk.refusals].flat();
    if (check.refusals.length === 0) fatal.push(...(await checkStores(ctx.redis)));
    if (await isEmptied(ctx)) fatal.push(EMPTIED);
    if (isStopping?.()) fatal.push('This process is stopping.');
    const workers = processes.filter(({ kind }) => kind === 'worker').length;
    if (workers === 0) fatal.push('No worker is alive: tasks are stored but do not run.');
    const clocks = checkClocks(ctx, processes);
    return {
      ready: fatal.length === 0,
      redis: true,
      workers,
      clock_skew_seconds: clocks.skewSeconds,
      seals_at_rest: ctx.seal.isOn,
      problems: [
        ...fatal,
        ...check.warnings,
        ...blobs,
        ...clocks.warnings,
        ...checkLogs(processes),
        ...checkRetention(ctx, processes),
        ...checkSealing(ctx, processes),
        ...(await checkArchive(ctx, processes)),
      ],
    };
  } catch (error) {
    if (!isRedisUnavailable(error)) throw error;
    const answers = refusesUs(error);
    const problems = [
      answers
        ? `Redis refuses what this user must do: ${(error as Error).message}. See the guide "Run AgentHook".`
        : await whyRedisIsAway(),
      ...disk.refusals,
      ...disk.warnings,
    ];
    return {
      ready: false,
      redis: answers,
      workers: 0,
      clock_skew_seconds: 0,
      seals_at_rest: ctx.seal.isOn,
      problems,
    };
  }
}
