import { type Static, Type } from '@sinclair/typebox';
import { FAILURE_CODES } from './failures.js';
import { StringEnum } from './shapes.js';
import { SIGNATURE_SCHEMAS } from './signature/index.js';
import { TASK_STATUSES } from './task.js';
import { TASK_TRIGGERS } from './task-list.js';
import { Line } from './text.js';
import { MAX_IDEMPOTENCY_KEY } from './webhook.js';

/** Stands for the sender of a task that no known sender has signed. */
export const NO_SENDER = 'none';
export const TASK_SENDERS: readonly string[] = [...Object.keys(SIGNATURE_SCHEMAS), NO_SENDER];

/** The longest text that a search may have, in characters, and how many words it may consist of. */
export const MAX_SEARCH_CHARACTERS = 200;
export const MAX_SEARCH_WORDS = 10;

const several = (values: readonly string[], description: string) =>
  Type.Optional(
    Type.Array(StringEnum(values), {
      maxItems: values.length,
      description: `${description} Repeat the parameter for more than one.`,
    }),
  );
const least = (description: string) => Type.Optional(Type.Number({ minimum: 0, description }));

/** The query parameters that choose tasks, for lists, counts and exports. */
export const taskFilterFields = {
  agent_id: Type.Optional(Type.String({ description: 'Only tasks of this agent.' })),
  status: Type.Optional(
    Type.Array(StringEnum(TASK_STATUSES), {
      maxItems: 4,
      description: 'Only tasks in these states. Repeat the parameter for more than one.',
    }),
  ),
  error_code: several(FAILURE_CODES, 'Only tasks that ended with these failure codes.'),
  trigger: Type.Optional(
    Type.Array(StringEnum(TASK_TRIGGERS), {
      maxItems: TASK_TRIGGERS.length,
      description: 'Only tasks that this created. Repeat the parameter for more than one.',
    }),
  ),
  sender: several(
    TASK_SENDERS,
    `Only events of these senders: the \`scheme\` of the agent's signature when the event came, \`${NO_SENDER}\` ` +
      'if it had no signature.',
  ),
  agent_version: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Only tasks that this version of their agent runs.' }),
  ),
  model: Type.Optional(
    Line({
      minLength: 1,
      maxLength: 200,
      description:
        'Only tasks that this `provider:model` has answered, or that failed under a version with this `model`.',
    }),
  ),
  min_duration_ms: least('Only tasks that have ended and took at least this long.'),
  max_duration_ms: least('Only tasks that have ended and took at most this long.'),
  min_cost_usd: least('Only tasks that are known to have cost at least this much.'),
  max_cost_usd: least('Only tasks that are known to have cost at most this much.'),
  conversation_id: Type.Optional(
    Type.String({ maxLength: 100, description: 'Only tasks of this conversation.' }),
  ),
  from: Type.Optional(
    Type.String({ format: 'date-time', description: 'Only tasks created at this time or later.' }),
  ),
  to: Type.Optional(
    Type.String({ format: 'date-time', description: 'Only tasks created before this time.' }),
  ),
  q: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: MAX_IDEMPOTENCY_KEY,
      description: 'The first characters of a task id, at least 4, or a full idempotency key.',
    }),
  ),
  text: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: MAX_SEARCH_CHARACTERS,
      description:
        'Only tasks whose payload, answer or error has all of these words, in any case and as parts of longer ' +
        'words. "Quotes" make one of several words. The key must be one that may see payloads.',
    }),
  ),
};

export const TaskFilterQuery = Type.Object(taskFilterFields);
export type TaskFilterQuery = Static<typeof TaskFilterQuery>;
