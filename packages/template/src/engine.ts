import { ExactNumber } from '@agenthook/json';
import { Context, type Emitter, Liquid, type Template, toValue, toValueSync } from 'liquidjs';
import { LRUCache } from 'lru-cache';
import { attach } from './attach.js';
import { charactersInTags } from './characters-in-tags.js';
import { keepDigitsOfLiterals } from './exact-literals.js';
import { fenceText } from './fence.js';
import { parseJsonFilter } from './parse-json.js';
import { Trusted } from './trusted.js';

/**
 * Operators write templates, but strangers fill them. These limits only stop early what cannot succeed:
 * LiquidJS checks them as it goes, and a filter may do much between two checks. A template that is not plain
 * (plain.ts) must be rendered in a process that can be ended.
 */
const LIMITS = {
  parseLimit: 200_000, // characters
  memoryLimit: 20_000_000, // LiquidJS's own count of characters and list items, for all filters together
};
/**
 * Upper bound for the characters of a template within tags and outputs, which take up to a thousand times as
 * long and as much memory to parse as text: 4,000 short ones take about 20 ms and 4 MB.
 */
const MOST_IN_TAGS = 20_000;
/** Upper bound for the characters or list items of one filter or range. No payload has as many. */
const MAX_FILTERED = 2 * 1024 * 1024;
/** Upper bound for the characters of a rendered template. */
const MAX_RENDERED = 4 * 1024 * 1024;

/** These filters run a text as an expression, and the text may come from a payload. */
const EXPRESSION_FILTERS = /_exp$/;

/** The key of the globals that contains a rendering's fence tag. No template can name it. */
const FENCE = Symbol.for('agenthook.fence') as unknown as string;

/** The key of the globals that collects what the filter `attach` names. */
const ATTACHED = Symbol.for('agenthook.attached') as unknown as string;

/** How values are inserted into a text, so that none can break the text around it. */
export type Escape = 'markup' | 'json';

/** The key of the globals that contains a rendering's Escape. */
const ESCAPE = Symbol.for('agenthook.escape') as unknown as string;
/** The filters that write what each Escape would. */
const WRITERS: Record<Escape, string[]> = {
  markup: ['escape', 'xml_escape', 'escape_once'],
  json: ['json', 'jsonify'],
};
/** Characters that XML 1.0 cannot hold in any spelling. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NO_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

/** A value as a part of HTML or XML text or of an attribute in quotes, or of a JSON string. */
const escaped = (text: string, escaping: Escape): string =>
  escaping === 'markup'
    ? text.replace(NO_XML, '').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
    : JSON.stringify(text).slice(1, -1);

/** LiquidJS calls an output escape like a filter, with the context as `this`. */
function fence(this: { context: Context } | undefined, value: unknown): string {
  if (value === null || value === undefined || value === '') return '';
  if (value instanceof Trusted) return value.toString();
  if (value instanceof ExactNumber) return value.toString();
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const { [FENCE]: tag, [ESCAPE]: escaping } = globalsOf(this?.context);
  if (escaping !== undefined && typeof value !== 'number' && typeof value !== 'boolean')
    return escaped(text, escaping as Escape);
  if (tag === undefined || typeof value === 'number' || typeof value === 'boolean') return text;
  return fenceText(String(tag), text);
}

const globalsOf = (context: Context | undefined) => (context?.globals ?? {}) as Record<string, unknown>;

type FilterFunction = (this: { context: Context }, ...values: unknown[]) => unknown;

/** Lets the output of a filter pass a rendering with this Escape, because it is written as that requires. */
function keepWritten(engine: Liquid, name: string, escaping: string): void {
  const write = engine.filters[name] as FilterFunction;
  engine.registerFilter(name, function (this: { context: Context }, ...values: unknown[]) {
    const written = write.apply(this, values);
    return globalsOf(this.context)[ESCAPE] === escaping ? new Trusted(String(written ?? null)) : written;
  });
}

function createEngine(): Liquid {
  const engine = new Liquid({
    ...LIMITS,
    outputEscape: fence,
    ownPropertyOnly: true, // payloads cannot reach prototypes
    strictFilters: true,
    strictVariables: false,
  });
  engine.registerFilter('parse_json', parseJsonFilter);
  engine.registerFilter('attach', function (this: { context: Context }, value: unknown) {
    const { [ATTACHED]: urls } = globalsOf(this.context);
    if (!Array.isArray(urls)) throw new Error('the filter attach works only in the input template');
    return attach(urls, value);
  });
  // No template can read a file.
  for (const tag of ['include', 'render', 'layout', 'block']) delete engine.tags[tag];
  for (const [escaping, names] of Object.entries(WRITERS)) {
    for (const name of names) keepWritten(engine, name, escaping);
  }
  for (const filter of Object.keys(engine.filters)) {
    if (EXPRESSION_FILTERS.test(filter)) delete engine.filters[filter];
  }
  return engine;
}

keepDigitsOfLiterals();
const engine = createEngine();
const CACHED_TEMPLATES = 500;
/** Upper bound for the characters in tags of all cached templates, each of which takes about 200 bytes. */
const CACHED_IN_TAGS = 500_000;
const parsed = new LRUCache<string, Template[]>({
  max: CACHED_TEMPLATES,
  maxSize: CACHED_IN_TAGS,
  sizeCalculation: (_templates, source) => 1 + charactersInTags(source),
});

/** Parses a template and caches the last few hundred. Throws LiquidJS's errors. */
export function parse(source: string): Template[] {
  const known = parsed.get(source);
  if (known) return known;
  if (source.length > MOST_IN_TAGS && charactersInTags(source) > MOST_IN_TAGS)
    throw new Error(`it has more than ${MOST_IN_TAGS} characters in tags and outputs`);
  const templates = engine.parse(source);
  parsed.set(source, templates);
  return templates;
}

/** How a rendering is fenced and interrupted. */
export interface RenderOptions {
  /** Wraps each string that the template inserts in `<tag>…</tag>`, unless the template says `| raw`. */
  fence?: string | undefined;
  /** Escapes each value that the template inserts, unless a filter has, or the template says `| raw`. */
  escaping?: Escape | undefined;
  /** Collects the URLs that the filter `attach` names. Without it, the filter is an error. */
  attached?: string[] | undefined;
  /**
   * Called regularly between tags and outputs. true ends the rendering with an error that names the place.
   */
  isOver?: (() => boolean) | undefined;
}

/** How many tags and outputs are rendered between two calls of `isOver`. */
const PER_QUESTION = 128;

/** Renders a template. Throws LiquidJS's errors. */
export function render(source: string, variables: Record<string, unknown>, options: RenderOptions): string {
  const { fence: tag, escaping, attached, isOver } = options;
  const globals = {
    ...(tag !== undefined && { [FENCE]: tag }),
    ...(escaping && { [ESCAPE]: escaping }),
    ...(attached && { [ATTACHED]: attached }),
  };
  const context = new Context(variables, engine.options, { globals, sync: true }, { liquid: engine });
  let rendered = 0;
  if (isOver) {
    context.renderLimit.check = () => {
      rendered += 1;
      if (rendered % PER_QUESTION === 0 && isOver()) throw new Error('it takes too long to render');
    };
  }
  const count = context.memoryLimit.use.bind(context.memoryLimit);
  context.memoryLimit.use = (amount) => {
    if (amount > MAX_FILTERED)
      throw new Error(`it creates a text or list of more than ${MAX_FILTERED} at once`);
    count(amount);
  };
  const emitter = createEmitter();
  toValueSync(engine.renderer.renderTemplates(parse(source), context, emitter));
  return emitter.buffer;
}

/** Collects the output, as LiquidJS's own emitter does, up to a limit. */
function createEmitter(): Emitter {
  const emitter: Emitter = {
    buffer: '',
    write: (value: unknown) => {
      emitter.buffer += textOf(value);
      if (emitter.buffer.length > MAX_RENDERED)
        throw new Error(`its output has more than ${MAX_RENDERED} characters`);
    },
  };
  return emitter;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const plain: unknown = toValue(value);
  if (plain === undefined || plain === null) return '';
  return Array.isArray(plain) ? plain.map(textOf).join('') : String(plain);
}
