import { parseArgs } from 'node:util';
import {
  BULK_ACTIONS,
  BULK_FILTERS,
  type BulkAction,
  type BulkCount,
  type BulkInput,
  type BulkJob,
  type BulkJobList,
} from '@agenthook/contracts';
import { UserError } from '../user-error.js';
import { followBulk, lineOf } from './follow-bulk.js';
import { openApi, type RemoteApi } from './open-api.js';

const OWN = {
  yes: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  detach: { type: 'boolean', default: false },
  id: { type: 'string', multiple: true },
  version: { type: 'string' },
} as const;

type Values = Record<string, string | boolean | string[] | undefined>;

/** `agenthook bulk ACTION|list|show|stop …`. Returns the exit code. Throws UserError. */
export async function bulk(root: string, env: NodeJS.ProcessEnv, args: string[]): Promise<number> {
  const [verb = '', ...rest] = args;
  if (isAction(verb)) return await act(root, env, verb, rest);
  if (verb === 'list') {
    const { values } = read('bulk list', rest, { json: OWN.json }, false);
    const { jobs } = await openApi(root, env).ask<BulkJobList>('GET', '/api/bulk');
    if (values.json) console.log(JSON.stringify(jobs));
    else if (jobs.length === 0) console.log('There are no bulk jobs.');
    else for (const job of jobs) console.log(`${job.id}  ${job.created_at}  ${job.action}: ${lineOf(job)}`);
    return 0;
  }
  if (verb === 'show' || verb === 'stop') {
    const { values, positionals } = read(`bulk ${verb}`, rest, { json: OWN.json }, true);
    const [id = '', ...more] = positionals;
    if (!/^[\w-]+$/.test(id) || more.length > 0) throw new UserError(`bulk ${verb} takes the id of a job.`);
    const api = openApi(root, env);
    if (verb === 'stop') await api.ask<BulkJob>('POST', `/api/bulk/${id}/stop`, {});
    return await followBulk(api, id, { json: values.json === true });
  }
  throw new UserError(`bulk takes one of ${[...BULK_ACTIONS, 'list', 'show', 'stop'].join(', ')}.`);
}

const isAction = (verb: string): verb is BulkAction => (BULK_ACTIONS as readonly string[]).includes(verb);

async function act(root: string, env: NodeJS.ProcessEnv, action: BulkAction, args: string[]) {
  const fields = BULK_FILTERS[action].properties as unknown as Fields;
  const names = Object.keys(fields);
  const options = Object.fromEntries(
    names.map((name) => [optionOf(name), { type: 'string', multiple: isList(fields, name) } as const]),
  );
  const { values } = read(`bulk ${action}`, args, { ...options, ...OWN }, false);
  const input = inputOf(action, fields, values);
  const api = openApi(root, env);
  const counted = await api.ask<BulkCount>('POST', '/api/bulk/count', input);
  const { matching, is_complete } = counted;
  const count = `${is_complete ? '' : 'at least '}${matching} item(s)`;
  if (matching === 0 || !values.yes) {
    const words = `To ${action}: ${count}. Nothing was changed; --yes does it.`;
    console.log(values.json ? JSON.stringify(counted) : matching === 0 ? 'Nothing matches.' : words);
    return matching === 0 ? 0 : 1;
  }
  const { id } = await start(api, input);
  if (values.detach) {
    console.log(id);
    return 0;
  }
  console.error(`${id}: ${action}, ${count}. It goes on without this command; agenthook bulk stop ${id}`);
  return await followBulk(api, id, { json: values.json === true });
}

const start = (api: RemoteApi, input: BulkInput): Promise<BulkJob> =>
  api.ask<BulkJob>('POST', '/api/bulk', input);

type Fields = Record<string, { type?: string }>;

const optionOf = (name: string): string => name.replaceAll('_', '-');
const isList = (fields: Fields, name: string): boolean => fields[name]?.type === 'array';

/** The request that options make. Without a filter and ids, nothing is chosen: that is an error here. */
function inputOf(action: BulkAction, fields: Fields, values: Values): BulkInput {
  const given = Object.keys(fields).flatMap((name): [string, unknown][] => {
    const value = values[optionOf(name)];
    if (value === undefined) return [];
    const isNumber = ['number', 'integer'].includes(fields[name]?.type ?? '');
    return [[name, isNumber ? Number(value) : value]];
  });
  const version = values.version === undefined ? {} : { version: values.version };
  if (values.id !== undefined) {
    const { agent_id, ...others } = Object.fromEntries(given);
    if (Object.keys(others).length > 0) throw new UserError('--id and a filter cannot be given together.');
    const agent = agent_id === undefined ? {} : { agent_id };
    return { action, ids: values.id, ...agent, ...version } as unknown as BulkInput;
  }
  if (given.length === 0)
    throw new UserError(
      `bulk ${action} needs a filter, such as --agent-id, or --id. For all of them: --from 2020-01-01T00:00:00Z.`,
    );
  return { action, filter: Object.fromEntries(given), ...version } as unknown as BulkInput;
}

type Options = NonNullable<Parameters<typeof parseArgs>[0]>['options'];

function read(command: string, args: string[], options: Options, allowPositionals: boolean) {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals, strict: true });
    return { values: values as Values, positionals };
  } catch (error) {
    const known = Object.keys(options ?? {}).map((name) => `--${name}`);
    throw new UserError(`${command} takes ${known.join(' ')}. ${(error as Error).message}`);
  }
}
