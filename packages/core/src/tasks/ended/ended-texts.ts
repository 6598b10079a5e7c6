import type { PromptEntry } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import type { JournalRow, TaskData } from '../../queue/job.js';

/**
 * The texts of an ended task. They stand in one compressed text, so that what occurs in several of them is
 * stored once: the payload in the prompt, the answers of tools and the model in the result and the journal.
 */
export interface EndedTexts {
  /** The result of either status, as JSON. */
  result: string;
  /** The job's data, as JSON. Undefined for a task whose texts are not joined (yet). */
  data?: string;
  /** Undefined if the journal is still a stream. */
  log?: readonly JournalRow[];
}

/** JSON contains no NUL. */
const END = '\0';
const NO_LOG = '-';

/**
 * Joins the texts of a task. A payload, and the user's message that quotes it, stand outside of other JSON:
 * escaped, they would be different texts.
 */
export function joinTexts({ result, data, log }: EndedTexts & { data: string }): string {
  const head = [result, ...withoutPayload(data)];
  if (!log) return [...head, NO_LOG].join(END);
  let user = '';
  const rows = log.map(([id, json]) => {
    const prompt = user === '' ? promptOf(json) : undefined;
    if (!prompt) return `${id} ${json}`;
    user = prompt.user;
    return `${id} ${JSON.stringify({ ...prompt, user: '' })}`;
  });
  return [...head, log.length, ...rows, user].join(END);
}

/** A job's data without payload_json, and that. */
function withoutPayload(data: string): [data: string, payload: string] {
  if (!data.includes('"payload_json":')) return [data, ''];
  const { payload_json = '', ...rest } = JSON.parse(data) as TaskData;
  return payload_json === '' ? [data, ''] : [JSON.stringify(rest), payload_json];
}

const withPayload = (data: string, payload: string): string =>
  payload === '' ? data : `${data.slice(0, -1)},"payload_json":${JSON.stringify(payload)}}`;

/** The prompt that a row holds, unless UTF-8 has no form for its text. */
function promptOf(json: string): PromptEntry | undefined {
  if (!json.startsWith('{"type":"prompt"')) return undefined;
  const prompt = JSON.parse(json) as PromptEntry;
  return prompt.user.isWellFormed() ? prompt : undefined;
}

/** Reverses joinTexts. A text without an end is a result alone, as before texts were joined. */
function splitTexts(text: string): EndedTexts {
  const [result = '', rawData, payload, count, ...rest] = text.split(END);
  if (rawData === undefined || payload === undefined) return { result };
  const data = withPayload(rawData, payload);
  if (count === NO_LOG) return { result, data };
  const size = Number(count);
  let user = rest.slice(size).join(END);
  const log = rest.slice(0, size).map((row): JournalRow => {
    const at = row.indexOf(' ');
    const [id, json] = [row.slice(0, at), row.slice(at + 1)];
    const prompt = user === '' ? undefined : promptOf(json);
    if (!prompt) return [id, json];
    const whole = JSON.stringify({ ...prompt, user });
    user = '';
    return [id, whole];
  });
  return { result, data, log };
}

/** The texts of an ended task, from the field of its job that holds the result. */
export const readTexts = async (ctx: Pick<Context, 'seal'>, stored: string): Promise<EndedTexts> =>
  splitTexts(await ctx.seal.read(stored));
