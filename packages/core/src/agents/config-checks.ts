import type { Bounded } from '@agenthook/bounded';
import {
  type AgentConfig,
  LONGEST_ASK_SCHEMA,
  lacksOf,
  leastFunctionsOf,
  MAX_MODEL_TOOLS,
  MAX_SCHEMA_BYTES,
  type ProblemIssue,
  type Providers,
  parseModel,
  type ToolConfig,
} from '@agenthook/contracts';
import { charactersInTags, checkTemplate, neededMembers } from '@agenthook/template';
import type { Models } from '../config/read-models.js';
import { AppError } from '../errors.js';
import { templatesOfDestination } from './check-destinations.js';

/** Checks that each model has a provider and, with a cost budget, a known price. */
export function checkModels(
  { model, fallback_models, limits }: AgentConfig,
  { providers, priceOf }: Models,
): void {
  const models = [
    { path: '/model', model },
    ...fallback_models.map((m, i) => ({ path: `/fallback_models/${i}`, model: m })),
  ];
  for (const { path, model: name } of models) {
    if (!isOffered(name, providers)) throw unknownModel(path, name, providers);
    if (limits.max_cost_usd !== null && priceOf(name) === undefined) {
      throw new AppError(
        'unknown_price',
        `No price is known for "${name}", so max_cost_usd could not be kept. Give one in ` +
          'PRICES_FILE, or use max_total_tokens.',
        {
          issues: [
            { path: '/limits/max_cost_usd', message: `needs a model whose price is known, not ${name}` },
          ],
        },
      );
    }
  }
}

/** Whether there is a provider for a `provider:model`. */
export const isOffered = (model: string, { kindOf }: Providers): boolean =>
  kindOf(parseModel(model)?.provider ?? '') !== undefined;

/** The refusal of a model that no provider offers. */
export const unknownModel = (path: string, model: string, { names }: Providers): AppError =>
  new AppError(
    'unknown_model',
    `No provider offers "${model}". Write provider:model; the providers are ${names.join(', ')}. ` +
      'GET /api/models shows an example of each.',
    { issues: [{ path, message: `must start with one of ${names.map((name) => `${name}:`).join(' ')}` }] },
  );

type Tools = Pick<AgentConfig, 'tools'>;
type Templates = [path: string, source: string][];

/** All Liquid templates of a configuration, by their path. */
const templatesOf = (config: AgentConfig): Templates => [
  ['/system_prompt', config.system_prompt],
  ['/input_template', config.input_template],
  ['/response/body', config.response?.body ?? ''],
  ['/conversation/key', config.conversation?.key ?? ''],
  ['/burst/key', config.burst?.key ?? ''],
  ...templatesOfTools(config),
  ...(config.destinations ?? []).flatMap((each, index) =>
    templatesOfDestination(each).map(([field, source]): Templates[number] => [
      `/destinations/${index}/${field}`,
      source,
    ]),
  ),
];

const templatesOfTools = ({ tools }: Tools): Templates =>
  tools.flatMap((tool, index) => toolTemplates(tool, `/tools/${index}`));

function toolTemplates(tool: ToolConfig, at: string): Templates {
  const named = (field: string, templates: Record<string, string> = {}): Templates =>
    Object.entries(templates).map(([name, source]) => [`${at}/${field}/${name}`, source]);
  switch (tool.type) {
    case 'http':
      return [
        [`${at}/url`, tool.url],
        [`${at}/body`, tool.body ?? ''],
        ...named('query', tool.query),
        ...named('headers', tool.headers),
      ];
    case 'openapi':
      return [...named('query', tool.query), ...named('headers', tool.headers)];
    case 'mcp':
      return named('headers', tool.headers);
    default:
      return [];
  }
}

/** Checks that each template parses. */
export const checkTemplates = (config: AgentConfig): void => checkParse(templatesOf(config));

/** The same for the templates of tools alone. */
export const checkToolTemplates = (config: Tools): void => checkParse(templatesOfTools(config));

/** Upper bound for the characters in tags and outputs of all templates of an agent: 0.2 s to parse. */
const MOST_IN_TAGS = 100_000;

function checkParse(templates: Templates): void {
  if (templates.reduce((sum, [, source]) => sum + charactersInTags(source), 0) > MOST_IN_TAGS) {
    const message = `have more than ${MOST_IN_TAGS} characters in tags and outputs`;
    throw new AppError('invalid_template', `All templates of the agent together ${message}.`, {
      issues: [{ path: '', message }],
    });
  }
  const issues = templates.flatMap(([path, source]): ProblemIssue[] => {
    const issue = checkTemplate(source);
    return issue ? [{ path, ...issue }] : [];
  });
  const [first] = issues;
  if (!first) return;
  const where = `${first.path.slice(1)}, line ${first.line}, column ${first.column}`;
  throw new AppError('invalid_template', `The template does not parse: ${where}: ${first.message}`, {
    issues,
  });
}

/** Checks that an answer without a body has none. */
export function checkResponse({ response }: AgentConfig): void {
  if (response?.status !== 204 || response.body === '') return;
  throw new AppError('invalid_request', 'An answer with the status 204 has no body (RFC 9110, 15.3.5).', {
    issues: [{ path: '/response/body', message: 'must be empty with the status 204' }],
  });
}

/** Checks that each tool has what its kind needs in addition to its schema. */
export function checkToolNeeds({ tools }: Tools): void {
  const issues = tools.flatMap((tool, index) =>
    lacksOf(tool).map(({ path, message }) => ({ path: `/tools/${index}${path}`, message })),
  );
  if (issues.length === 0) return;
  const detail = issues.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new AppError('invalid_request', `Tool configuration is incomplete: ${detail}.`, { issues });
}

/** Checks that a model accepts as many functions as the tools name. */
export function checkToolCount({ tools }: AgentConfig): void {
  const count = tools.reduce((sum, tool) => sum + leastFunctionsOf(tool), 0);
  if (count <= MAX_MODEL_TOOLS) return;
  const message =
    `The tools offer ${count} functions to the model; a model accepts at most ${MAX_MODEL_TOOLS}. Choose fewer ` +
    'operations or allowed_tools.';
  throw new AppError('invalid_request', message, {
    issues: [{ path: '/tools', message: `offer ${count} functions; at most ${MAX_MODEL_TOOLS} are taken` }],
  });
}

/** Checks that tool names are unique. */
export function checkToolNames({ tools }: AgentConfig): void {
  tools.forEach(({ name }, index) => {
    if (tools.findIndex((other) => other.name === name) === index) return;
    throw new AppError('invalid_tools', `Two tools are called "${name}"; give each a name of its own.`, {
      issues: [{ path: `/tools/${index}/name`, message: 'is the name of an earlier tool' }],
    });
  });
}

/** Checks that each tool has the secrets that its templates insert. */
export function checkToolSecrets({ tools }: Tools): void {
  const lacks = tools.flatMap((tool, index) =>
    toolTemplates(tool, `/tools/${index}`).flatMap(([path, source]) =>
      neededMembers(source, 'secrets')
        .filter((secret) => tool.secrets?.[secret] === undefined)
        .map((secret) => ({ path, secret, tool: tool.name })),
    ),
  );
  const [first] = lacks;
  if (!first) return;
  const detail = `The tool "${first.tool}" has no secret "${first.secret}", which ${first.path} uses.`;
  const issues = lacks.map(({ path, secret }) => ({ path, message: `uses the missing secret "${secret}"` }));
  throw new AppError('invalid_tools', detail, { issues });
}

/** How long a schema waits to be compiled, in ms; a person is saving. */
const WAIT_MS = 10_000;

/**
 * Checks that each JSON Schema compiles within the limits of size and time. Throws `invalid_schema`, `busy`.
 */
export async function checkSchemas(bounded: Bounded, agentId: string, config: AgentConfig): Promise<void> {
  const schemas: [path: string, schema: Record<string, unknown> | null | undefined][] = [
    ['/input_schema', config.input_schema],
    ['/output_schema', config.output_schema],
    ...config.tools.map((tool, index): (typeof schemas)[number] => {
      const [field, schema] = schemaOfTool(tool);
      return [`/tools/${index}/${field}`, schema];
    }),
  ];
  for (const [path, schema] of schemas) {
    if (!schema) continue;
    const isOfAsk = path.endsWith('/answer_schema') || path.endsWith('/body_schema');
    const fault =
      isOfAsk && JSON.stringify(schema).length > LONGEST_ASK_SCHEMA
        ? `it may have ${LONGEST_ASK_SCHEMA} characters of JSON at most`
        : await faultOf(bounded, agentId, schema);
    if (fault === undefined) continue;
    const message = fault.slice(0, 300);
    throw new AppError('invalid_schema', `${path.slice(1)} is not a JSON Schema that works: ${message}`, {
      issues: [{ path, message }],
    });
  }
}

/** The schema of what a tool is called with, or answered with, and its field. */
function schemaOfTool(tool: ToolConfig): [field: string, schema: Record<string, unknown> | undefined] {
  switch (tool.type) {
    case 'ask_human':
      return ['answer_schema', tool.answer_schema];
    case 'wait_callback':
      return ['body_schema', tool.body_schema];
    default:
      return ['parameters', tool.type === 'http' ? tool.parameters : undefined];
  }
}

async function faultOf(
  bounded: Bounded,
  agentId: string,
  schema: Record<string, unknown>,
): Promise<string | undefined> {
  if (Buffer.byteLength(JSON.stringify(schema)) > MAX_SCHEMA_BYTES)
    return `it may have ${MAX_SCHEMA_BYTES / 1024} KiB of JSON at most`;
  const checked = await bounded.checkSchema(schema, { key: agentId, waitMs: WAIT_MS });
  switch (checked.outcome) {
    case 'fits':
      return undefined;
    case 'bad_schema':
      return checked.message;
    case 'starved':
      throw new AppError('busy', 'Too many schemas are being compiled. Try again in a few seconds.', {
        retryAfterSeconds: 5,
      });
    case 'too_slow':
    case 'too_large':
    case 'misfit':
      return 'it takes too long to compile';
  }
}
