import { isJsonObject } from '@agenthook/json';
import { POINTER, pascal } from './shape-titles.js';

type Json = Record<string, unknown>;
type Schemas = Record<string, Json>;

/** The shapes whose `status` says what their `result` is. */
const STATES = ['TaskState', 'TaskTrace', 'PublicState', 'CallbackPayloadData'] as const;

/**
 * Makes each state of a task a union by its `status`, so that a generated client knows `result` from it. The
 * schemas that the code checks with stay one shape with two fields.
 */
export function splitByStatus(schemas: Schemas): void {
  nameCallbackData(schemas);
  for (const name of STATES) {
    const whole = schemas[name];
    if (!whole) throw new Error(`there is no shape ${name}`);
    const { properties, description } = whole as { properties: Schemas; description?: string };
    const statuses = (properties.status?.enum ?? []) as string[];
    const members = statuses.map((status) => {
      const member = name + pascal(status.toLowerCase());
      schemas[member] = {
        ...whole,
        properties: {
          ...properties,
          status: { ...properties.status, enum: [status] },
          result: resultOf(status, properties.result ?? {}),
        },
      };
      return [status, POINTER + member] as const;
    });
    schemas[name] = {
      ...(description !== undefined && { description }),
      oneOf: members.map(([, $ref]) => ({ $ref })),
      discriminator: { propertyName: 'status', mapping: Object.fromEntries(members) },
    };
  }
}

/** The data of a callback is a state, too. */
function nameCallbackData(schemas: Schemas): void {
  const { properties } = schemas.CallbackPayload as { properties: Schemas };
  schemas.CallbackPayloadData = properties.data ?? {};
  properties.data = { $ref: `${POINTER}CallbackPayloadData` };
}

/** The members of a result that a task of this status may have. */
function resultOf(status: string, result: Json): Json {
  const members = (result.anyOf ?? []) as Json[];
  const isEnded = status === 'SUCCESS' || status === 'FAILURE';
  // Only a state that withholds its result has none after the end.
  const isReduced = members.length > 3;
  const fitting = members.filter((member) => {
    if (member.type === 'null') return !isEnded || isReduced;
    return isEnded && isFailure(member) === (status === 'FAILURE');
  });
  const { anyOf: _all, ...about } = result;
  if (fitting.length !== 1) return { ...about, anyOf: fitting };
  return { ...about, ...fitting[0] };
}

const isFailure = (member: Json): boolean =>
  member.type === 'string' ||
  member.$ref === `${POINTER}TaskFailure` ||
  (isJsonObject(member.properties) && 'error' in member.properties);
