import { type Context, Drop, Liquid, type Template } from 'liquidjs';

/** A template is written by an operator but filled by strangers: these bound what one rendering may cost. */
const LIMITS = {
  parseLimit: 200_000, // characters
  renderLimit: 250, // ms; rendering is synchronous, so it holds up every other run of the process
  memoryLimit: 20_000_000, // LiquidJS's own count of characters and list items
};

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

/** Renders a template; each text it puts out stands in `<tag>…</tag>` where a tag is given. Throws LiquidJS's errors. */
export function render(source: string, variables: Record<string, unknown>, tag: string | undefined): string {
  return engine.renderSync(parse(source), variables, { globals: tag === undefined ? {} : { [FENCE]: tag } });
}
