import type { MaskSet } from '@agenthook/contracts';
import { parseJson, valueAt } from '@agenthook/json';
import {
  type PromptSource,
  type RenderOptions,
  renderPrompt,
  renderTemplate,
  TemplateRenderError,
} from '@agenthook/template';
import { createCelCache } from './cel/cache.js';
import { type CelCall, type CelEvent, type CelSubject, compileCel } from './cel/compile.js';
import { type Condition, evaluateCondition } from './cel/condition.js';
import { type Screen, type Screened, screen as screenEvent } from './cel/screen.js';
import { compileSchema } from './compile-schema.js';
import type { Reading } from './description/read-description.js';
import { faultOfMasks, maskProperties, maskValue } from './mask/mask-value.js';
import type { CelChecked, Checked, CheckedText, MasksChecked, Rendered, RenderedPrompt } from './outcome.js';
import { type PayloadSource, parsePayload } from './parse-payload.js';
import { createSchemaCache, messageOf } from './schema-cache.js';

/**
 * The work a helper can do. The untrusted part (variables, a payload, a value) is separate JSON beside it.
 */
export type Work =
  | { kind: 'template'; source: string; how: Inserting }
  | { kind: 'prompt'; source: Omit<PromptSource, 'payload'>; nowMs: number }
  | { kind: 'check'; schema: string }
  | { kind: 'schema'; schema: string }
  | { kind: 'cel'; source: string; subject: CelSubject }
  | { kind: 'condition'; source: string }
  | { kind: 'screen'; screen: Screen }
  | { kind: 'description'; reading: Reading }
  | { kind: 'mask'; masks: MaskSet }
  | { kind: 'masks'; masks: MaskSet }
  | {
      kind: 'payload';
      from: PayloadSource;
      screen: Screening | undefined;
      schema: string | undefined;
      names: readonly string[];
      hidden: readonly string[];
    };

/** A screen, and the parts of an event that are not its payload. */
export interface Screening extends Omit<CelEvent, 'payload'> {
  screen: Screen;
}

/** How a template inserts values. */
export type Inserting = Pick<RenderOptions, 'fence' | 'escaping'>;

type PayloadWork = Extract<Work, { kind: 'payload' }>;

/** A message to a helper. */
export interface Message {
  work: Work;
  /** After how many ms of wall time to answer `slice_over`; null for no slice. */
  sliceMs: number | null;
  /** Own time for the work, in ms. */
  limitMs: number;
}

/**
 * The work itself, done on the event loop if it is cheap by construction, otherwise in a helper. `isOver`
 * ends a rendering with an error that names the place.
 */
export function createWorkbench(isOver?: () => boolean) {
  const compiled = createSchemaCache();
  const program = createCelCache();
  const conditionProgram = createCelCache('call');

  const render = (source: string, variables: Record<string, unknown>, how: Inserting): Rendered => {
    try {
      return { outcome: 'rendered', text: renderTemplate(source, variables, { ...how, isOver }) };
    } catch (error) {
      if (!(error instanceof TemplateRenderError)) throw error;
      return { outcome: 'fault', issue: error.issue };
    }
  };

  const prompt = (source: PromptSource, now: Date): RenderedPrompt => {
    const made = renderPrompt(source, now, isOver);
    return 'fault' in made ? { outcome: 'fault', fault: made.fault } : { outcome: 'rendered', prompt: made };
  };

  const check = (schema: string, value: unknown): Checked => {
    const found = compiled(schema);
    return 'message' in found ? { outcome: 'bad_schema', message: found.message } : found.check(value);
  };

  const checkText = (schema: string, text: string): CheckedText => {
    let value: unknown;
    try {
      value = parseJson(text);
    } catch {
      return { outcome: 'not_json' };
    }
    const checked = check(schema, value);
    return checked.outcome === 'fits' ? { ...checked, value } : checked;
  };

  /** Whether a schema compiles, checked against the standard. */
  const schema = (json: string): Checked => {
    try {
      compileSchema(json, { strict: true });
      return { outcome: 'fits' };
    } catch (error) {
      return { outcome: 'bad_schema', message: messageOf(error) };
    }
  };

  const payload = (
    bytes: Buffer,
    { from, screen: screening, schema: wanted, names, hidden }: PayloadWork,
  ): [head: object, json?: string] => {
    const parsed = parsePayload(bytes, from);
    if (!parsed.ok) return [{ outcome: 'refused', code: parsed.code, detail: parsed.detail }];
    const payload = maskProperties(parsed.payload, hidden);
    const screened = screening && screen(screening.screen, { ...screening, payload });
    const isChecked = wanted !== undefined && screened?.outcome !== 'dropped';
    const checked: Checked = isChecked ? check(wanted, payload) : { outcome: 'fits' };
    const { kind, files } = parsed;
    const properties = shortTexts(parsed.payload, names);
    const head = { outcome: 'read', kind, files, properties, screened, checked };
    const json = (payload === parsed.payload ? parsed.json : undefined) ?? JSON.stringify(payload);
    // JSON is stored as sent. The parent has it, unless it was in another charset or only part of the body.
    return Buffer.from(json).equals(bytes) ? [head] : [head, json];
  };

  const cel = (source: string, subject: CelSubject): CelChecked => {
    const compiled = compileCel(source, subject);
    if ('issue' in compiled) return { outcome: 'fault', issue: compiled.issue };
    return { outcome: 'compiles', type: compiled.program.type };
  };

  const screen = (rules: Screen, event: CelEvent): Screened => screenEvent(rules, event, program);

  const condition = (source: string, call: CelCall): Condition =>
    evaluateCondition(conditionProgram(source), call);

  /** JSON text with what the masks name replaced; undefined if it is no JSON. */
  const maskJson = (masks: MaskSet, text: string): string | undefined => {
    let value: unknown;
    try {
      value = parseJson(text);
    } catch {
      return undefined;
    }
    return JSON.stringify(maskValue(masks, value));
  };

  const checkMasks = (masks: MaskSet): MasksChecked => {
    const fault = faultOfMasks(masks);
    return fault ? { outcome: 'fault', ...fault } : { outcome: 'fits' };
  };

  return {
    payload,
    maskJson,
    checkMasks,
    render,
    prompt,
    check,
    checkText,
    schema,
    cel,
    screen,
    program,
    condition,
    conditionProgram,
  };
}

/** Longer texts are never names. */
const MAX_NAME = 4_096;

/** More items of a list are of no use to anyone who asks for them. */
const MOST_ITEMS = 1_001;

/**
 * The properties of a payload at these paths, such as `event.id`, if they are short texts, numbers or
 * booleans. They keep their places; a list becomes an object with the positions that were asked for, or a
 * list where `*` asks for all. Any other value is an empty object, so that nobody takes it for a missing one.
 */
function shortTexts(payload: unknown, paths: readonly string[]): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const path of paths) copyAt(payload, path.split('.'), found);
  return found;
}

const isShort = (value: unknown): boolean =>
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (typeof value === 'string' && value.length <= MAX_NAME);

function copyAt(from: unknown, [name = '', ...rest]: readonly string[], to: Record<string, unknown>): void {
  const value = valueAt(from, name);
  if (rest.length === 0) {
    if (isShort(value)) to[name] = value;
    else if (value !== undefined && value !== null && !Object.hasOwn(to, name)) to[name] = {};
  } else if (rest[0] === '*') {
    if (!Array.isArray(value)) return;
    if (!Object.hasOwn(to, name)) to[name] = [];
    const items = to[name] as Record<string, unknown>[];
    for (const [n, item] of value.slice(0, MOST_ITEMS).entries()) {
      items[n] ??= {};
      copyAt(item, rest.slice(1), items[n]);
    }
  } else if (typeof value === 'object' && value !== null) {
    if (!Object.hasOwn(to, name)) to[name] = {};
    copyAt(value, rest, to[name] as Record<string, unknown>);
  }
}
