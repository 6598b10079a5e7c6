import type { MaskSet } from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import { type PromptSource, unitsOf } from '@agenthook/template';
import type { CelCall, CelEvent, CelSubject } from './cel/compile.js';
import type { Condition } from './cel/condition.js';
import type { Screen, Screened } from './cel/screen.js';
import type { DescriptionRead, Reading } from './description/read-description.js';
import { createLane, type Lane } from './lane.js';
import { LANES, LIMITS } from './limits.js';
import { maskValue, passesOfMasks } from './mask/mask-value.js';
import type {
  Caller,
  CelChecked,
  Checked,
  CheckedText,
  LargePayload,
  LimitOutcome,
  MaskedJson,
  MasksChecked,
  Rendered,
  RenderedPrompt,
} from './outcome.js';
import type { PayloadSource } from './parse-payload.js';
import { passesOf } from './plain-schema.js';
import { weigh } from './weigh.js';
import { createWorkbench, type Inserting, type Message, type Screening, type Work } from './work.js';

/**
 * Does work whose duration outsiders control: at once if it is cheap by construction, otherwise in a helper
 * process, which is ended when the work has used up its own time or memory. Create one per process.
 */
export interface Bounded {
  /**
   * Renders a LiquidJS template. With a fence, wraps each inserted text in `<fence>…</fence>`; with
   * `escaping`, escapes it. Variables as text are JSON that is too large to parse here.
   */
  renderTemplate(
    template: { source: string; variables: Record<string, unknown> | string } & Inserting,
    caller: Caller,
  ): Promise<Rendered>;
  /** Renders an agent's two templates into the first messages for its model. */
  renderPrompt(source: PromptSource, now: Date, caller: Caller): Promise<RenderedPrompt>;
  /** Checks a JSON value against a JSON Schema (2020-12), which is compiled once and cached for a while. */
  check(schema: object, value: unknown, caller: Caller): Promise<Checked>;
  /** Parses text from any source as JSON and checks it against a JSON Schema. */
  checkText(schema: object, text: string, caller: Caller): Promise<CheckedText>;
  /** Whether a JSON Schema compiles as stored: `fits` or `bad_schema`. */
  checkSchema(schema: object, caller: Caller): Promise<Checked>;
  /** Whether a CEL expression about an event, or about a tool call, compiles. */
  checkCel(source: string, caller: Caller, subject?: CelSubject): Promise<CelChecked>;
  /** Evaluates a CEL expression about a tool call. It compiles, as checkCel has told. */
  condition(source: string, call: CelCall, caller: Caller): Promise<Condition | LimitOutcome>;
  /** Screens an event whose payload is not large. The screen's expressions compile, as checkCel has told. */
  screen(screen: Screen, event: CelEvent, caller: Caller): Promise<Screened | LimitOutcome>;
  /**
   * Parses a payload of more than LIMITS.inlineBytes, screens it and checks it against a JSON Schema, where
   * there is one. `names` are properties whose values the caller needs; those in `hidden` are masked in all
   * else.
   */
  readLargePayload(
    bytes: Buffer,
    how: {
      from: PayloadSource;
      screening?: Screening | undefined;
      schema: object | undefined;
      names: readonly string[];
      hidden?: readonly string[];
    },
    caller: Caller,
  ): Promise<LargePayload>;
  /** Reads operations of an API description, whose documents are `texts`. */
  readDescription(
    reading: Reading,
    texts: readonly string[],
    caller: Caller,
  ): Promise<DescriptionRead | LimitOutcome>;
  /** Whether masks can be used. */
  checkMasks(masks: MaskSet, caller: Caller): Promise<MasksChecked>;
  /** Replaces what the masks name in a JSON value. The masks can be used, as checkMasks has told. */
  mask(
    masks: MaskSet,
    value: unknown,
    caller: Caller,
  ): Promise<{ outcome: 'masked'; value: unknown } | LimitOutcome>;
  /** The same for JSON as text, which may be large, or no JSON at all. */
  maskJson(masks: MaskSet, json: string, caller: Caller): Promise<MaskedJson>;
  /** Ends every helper. Work in progress or submitted later ends as `starved`. */
  close(): void;
}

/** Schemas by object, so that a cached schema is serialised once. */
interface KnownSchema {
  json: string;
  passes: number | undefined;
}

/** Limit of own time by kind of work, in ms. */
const LIMIT_OF: Record<Work['kind'], number> = {
  template: LIMITS.renderMs,
  prompt: LIMITS.renderMs,
  check: LIMITS.checkMs,
  schema: LIMITS.checkMs,
  cel: LIMITS.checkMs,
  condition: LIMITS.checkMs,
  screen: LIMITS.checkMs,
  description: LIMITS.descriptionMs,
  mask: LIMITS.maskMs,
  masks: LIMITS.checkMs,
  payload: LIMITS.renderMs,
};

export function createBounded(): Bounded {
  const bench = createWorkbench();
  const lanes = {
    short: createLane(LANES.short),
    long: createLane(LANES.long),
    masking: createLane(LANES.masking),
    reading: createLane(LANES.reading),
  };
  const schemas = new WeakMap<object, KnownSchema>();

  const known = (schema: object): KnownSchema => {
    const found = schemas.get(schema) ?? { json: JSON.stringify(schema), passes: passesOf(schema) };
    schemas.set(schema, found);
    return found;
  };

  /** A large payload or a description takes longer than a slice. */
  const lanesFor = ({ kind }: Work): [lane: Lane, sliceMs: number | null][] => {
    if (kind === 'payload') return [[lanes.long, null]];
    if (kind === 'description') return [[lanes.reading, null]];
    return [
      [lanes.short, LIMITS.sliceMs],
      [kind === 'mask' ? lanes.masking : lanes.long, null],
    ];
  };

  /** First for a slice of time beside other short work, then for its full time. */
  const ask = async (
    work: Work,
    steered: () => string | Uint8Array | readonly string[],
    caller: Caller,
  ): Promise<{ head: LimitOutcome | { outcome: string }; texts: string[] }> => {
    for (const [lane, sliceMs] of lanesFor(work)) {
      const message = (limitMs: number) => [
        JSON.stringify({ work, sliceMs, limitMs } satisfies Message),
        ...partsOf(steered()),
      ];
      const reply = await lane.run(caller, { workMs: LIMIT_OF[work.kind], message });
      if (reply.outcome !== 'replied') return { head: reply, texts: [] };
      const [head, ...texts] = reply.parts.map(String);
      const read = JSON.parse(head ?? '');
      if (read.outcome !== 'slice_over') return { head: read, texts };
    }
    throw new Error('work without a slice was cut at one');
  };

  const isCheap = (passes: number | undefined, ...values: unknown[]): boolean =>
    passes !== undefined && weigh(values, LIMITS.inlineWeight / passes) * passes <= LIMITS.inlineWeight;

  /** Expressions cost their passes, and one to prepare the payload. Looking for an author costs nothing. */
  const isCheapScreen = ({ filter, breakerKey }: Screen, event: CelEvent): boolean => {
    const sources = [filter, breakerKey].filter((source) => source !== undefined);
    if (sources.length === 0) return true;
    const passes = sources.map((source) => bench.program(source).passes);
    return isCheap(
      passes.reduce((all, each) => (all === undefined || each === undefined ? undefined : all + each), 1),
      event,
    );
  };

  const maskJson = async (masks: MaskSet, json: string, caller: Caller): Promise<MaskedJson> => {
    const { head, texts } = await ask({ kind: 'mask', masks }, () => json, caller);
    return { ...head, ...(head.outcome === 'masked' && { json: texts[0] }) } as MaskedJson;
  };

  return {
    renderTemplate: async ({ source, variables, ...how }, caller) => {
      const isJson = typeof variables === 'string';
      if (!isJson && isCheap(unitsIn(source), variables)) return bench.render(source, variables, how);
      const work: Work = { kind: 'template', source, how };
      const { head, texts } = await ask(work, () => (isJson ? variables : JSON.stringify(variables)), caller);
      return { ...head, ...(head.outcome === 'rendered' && { text: texts[0] }) } as Rendered;
    },
    renderPrompt: async (source, now, caller) => {
      const { system_prompt, input_template } = source.config;
      const units = [system_prompt, input_template].map(unitsIn);
      // One more: the payload as JSON, if the input template renders to nothing.
      const passes = units.reduce(
        (all, each) => (all === undefined || each === undefined ? undefined : all + each),
        1,
      );
      if (isCheap(passes, source.payload, source.headers, source.query)) return bench.prompt(source, now);
      const work: Work = { kind: 'prompt', source: withoutSecrets(source), nowMs: now.getTime() };
      const { head, texts } = await ask(work, () => JSON.stringify(source.payload), caller);
      const [system, user, attach] = texts;
      const prompt = { system, user, ...(attach !== undefined && { attach: JSON.parse(attach) }) };
      return { ...head, ...(head.outcome === 'rendered' && { prompt }) } as RenderedPrompt;
    },
    check: async (schema, value, caller) => {
      const { json, passes } = known(schema);
      if (isCheap(passes, value, json)) return bench.check(json, value);
      const { head } = await ask({ kind: 'check', schema: json }, () => JSON.stringify(value), caller);
      return head as Checked;
    },
    checkText: async (schema, text, caller) => {
      const { json, passes } = known(schema);
      if (text.length <= LIMITS.inlineWeight) {
        const read = readJson(text);
        if (!read) return { outcome: 'not_json' };
        if (isCheap(passes, read.value, json)) return withValue(bench.check(json, read.value), read.value);
      }
      const { head } = await ask({ kind: 'check', schema: json }, () => text, caller);
      return head.outcome === 'fits' ? { outcome: 'fits', value: parseJson(text) } : (head as CheckedText);
    },
    checkSchema: async (schema, caller) => {
      const { head } = await ask({ kind: 'schema', schema: JSON.stringify(schema) }, () => '', caller);
      return head as Checked;
    },
    checkCel: async (source, caller, subject = 'event') => {
      const { head } = await ask({ kind: 'cel', source, subject }, () => '', caller);
      return head as CelChecked;
    },
    condition: async (source, call, caller) => {
      const { passes } = bench.conditionProgram(source);
      // Two more: to prepare the arguments and the payload.
      if (isCheap(passes && passes + 2, call.args, call.payload)) return bench.condition(source, call);
      const { head } = await ask({ kind: 'condition', source }, () => JSON.stringify(call), caller);
      return head as Condition | LimitOutcome;
    },
    screen: async (screen, event, caller) => {
      if (isCheapScreen(screen, event)) return bench.screen(screen, event);
      const { head } = await ask({ kind: 'screen', screen }, () => JSON.stringify(event), caller);
      return head as Screened | LimitOutcome;
    },
    readLargePayload: async (bytes, { from, screening, schema, names, hidden = [] }, caller) => {
      const work: Work = {
        kind: 'payload',
        from,
        screen: screening,
        schema: schema && known(schema).json,
        names,
        hidden,
      };
      const { head, texts } = await ask(work, () => bytes, caller);
      return (head.outcome === 'read' ? { ...head, json: texts[0] ?? `${bytes}` } : head) as LargePayload;
    },
    readDescription: async (how, texts, caller) => {
      const { head, texts: read } = await ask({ kind: 'description', reading: how }, () => texts, caller);
      if (read[0] === undefined) return head as LimitOutcome;
      return { ...head, ...(parseJson(read[0]) as object) } as DescriptionRead;
    },
    checkMasks: async (masks, caller) => {
      const { head } = await ask({ kind: 'masks', masks }, () => '', caller);
      return head as MasksChecked;
    },
    mask: async (masks, value, caller) => {
      if (isCheap(passesOfMasks(masks), value)) return { outcome: 'masked', value: maskValue(masks, value) };
      const masked = await maskJson(masks, JSON.stringify(value), caller);
      if (masked.outcome === 'not_json') throw new Error('a value is no JSON');
      return masked.outcome === 'masked' ? { ...masked, value: parseJson(masked.json) } : masked;
    },
    maskJson,
    close: () => {
      for (const lane of Object.values(lanes)) lane.close();
    },
  };
}

const partsOf = (steered: string | Uint8Array | readonly string[]): (string | Uint8Array)[] =>
  typeof steered === 'string' || steered instanceof Uint8Array ? [steered] : [...steered];

/** A template that does not parse is also rendered at once, which reports the error. */
function unitsIn(source: string): number | undefined {
  try {
    return unitsOf(source);
  } catch {
    return 1;
  }
}

/** Only the fields that a prompt needs, because a caller's objects may have others. */
function withoutSecrets({
  agent,
  config,
  task,
  headers,
  query,
}: PromptSource): Omit<PromptSource, 'payload'> {
  const { name, description, system_prompt, input_template, output_schema } = config;
  return {
    agent: { id: agent.id, version: agent.version },
    config: { name, description, system_prompt, input_template, output_schema },
    task,
    headers,
    query,
  };
}

const withValue = (checked: Checked, value: unknown): CheckedText =>
  checked.outcome === 'fits' ? { ...checked, value } : checked;

function readJson(text: string): { value: unknown } | undefined {
  try {
    return { value: parseJson(text) };
  } catch {
    return undefined;
  }
}
