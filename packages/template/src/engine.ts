import { Context, Drop, type Emitter, Liquid, type Template, toValue, toValueSync } from 'liquidjs';

/**
 * A template is written by an operator but filled by strangers. These only end early what cannot succeed: LiquidJS counts
 * as it goes, and a filter may do much between two counts. Whoever renders a template that is not plain (plain.ts) must
 * do it where it can be ended.
 */
const LIMITS = {
  parseLimit: 200_000, // characters
  memoryLimit: 20_000_000, // LiquidJS's own count of characters and list items, of all filters together
};
/** Characters or list items that one filter or range may make: no payload has as many. */
const MAX_AT_ONCE = 2 * 1024 * 1024;
/** Characters that come out of a template. */
const MAX_RENDERED = 4 * 1024 * 1024;

/** These run a text as an expression, and the text may come from a payload. */
const EXPRESSION_FILTERS = /_exp$/;

/** The key of the globals under which a rendering carries the tag of its fence. No template can name it. */
const FENCE = Symbol.for('agenthook.fence') as unknown as string;

/** A text that comes from the installation itself, not from outside: it needs no fence. A filter makes it a plain text. */
export class Trusted extends Drop {
  readonly #text: string;
  constructor(text: string) {
    super();
    this.#text = text;
  }
  override valueOf(): string {
    return this.#text;
  }
  override toString(): string {
    return this.#text;
  }
}

/** LiquidJS calls an output escape as it calls filters: with the context on `this`. */
function fence(this: { context: Context } | undefined, value: unknown): string {
  if (value === null || value === undefined || value === '') return '';
  if (value instanceof Trusted) return value.toString();
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const tag = (this?.context.globals as Record<string, unknown> | undefined)?.[FENCE];
  if (tag === undefined || typeof value === 'number' || typeof value === 'boolean') return text;
  return `<${tag}>${text}</${tag}>`;
}

function createEngine(): Liquid {
  const engine = new Liquid({
    ...LIMITS,
    outputEscape: fence,
    ownPropertyOnly: true, // payloads do not reach prototypes
    strictFilters: true,
    strictVariables: false,
  });
  // No template reaches a file.
  for (const tag of ['include', 'render', 'layout', 'block']) delete engine.tags[tag];
  for (const filter of Object.keys(engine.filters)) {
    if (EXPRESSION_FILTERS.test(filter)) delete engine.filters[filter];
  }
  return engine;
}

const engine = createEngine();
const parsed = new Map<string, Template[]>();
const KEPT = 500;

/** Parses a template, remembering the last few hundred. Throws LiquidJS's errors. */
export function parse(source: string): Template[] {
  const known = parsed.get(source);
  if (known) return known;
  const templates = engine.parse(source);
  if (parsed.size >= KEPT) parsed.delete(parsed.keys().next().value ?? '');
  parsed.set(source, templates);
  return templates;
}

/** How a rendering is fenced and ended. */
export interface RenderOptions {
  /** Wraps each string that the template puts out in `<tag>…</tag>`, unless the template says `| raw`. */
  fence?: string | undefined;
  /** Asked now and then between two tags or outputs; true ends the rendering with an error that names the place. */
  isOver?: (() => boolean) | undefined;
}

/** How many tags and outputs are rendered between two questions whether time is over. */
const PER_QUESTION = 128;

/** Renders a template. Throws LiquidJS's errors. */
export function render(source: string, variables: Record<string, unknown>, options: RenderOptions): string {
  const { fence: tag, isOver } = options;
  const globals = tag === undefined ? {} : { [FENCE]: tag };
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
    if (amount > MAX_AT_ONCE)
      throw new Error(`it makes a text or a list of more than ${MAX_AT_ONCE} at once`);
    count(amount);
  };
  const emitter = createEmitter();
  toValueSync(engine.renderer.renderTemplates(parse(source), context, emitter));
  return emitter.buffer;
}

/** Collects what is put out, as LiquidJS's own does, as long as it is not too much. */
function createEmitter(): Emitter {
  const emitter: Emitter = {
    buffer: '',
    write: (value: unknown) => {
      emitter.buffer += textOf(value);
      if (emitter.buffer.length > MAX_RENDERED)
        throw new Error(`what it puts out has more than ${MAX_RENDERED} characters`);
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
