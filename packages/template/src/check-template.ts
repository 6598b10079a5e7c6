import { parse } from './engine.js';

export interface TemplateIssue {
  message: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
}

/** The place that LiquidJS errors carry on their token. */
interface LiquidError {
  message?: string;
  token?: { getPosition?: () => [number, number] };
  originalError?: { message?: string };
}

/** Parses a LiquidJS template without running it. Returns undefined when it is good, else what is wrong and where. */
export function checkTemplate(source: string): TemplateIssue | undefined {
  try {
    parse(source);
    return undefined;
  } catch (error) {
    return describeTemplateError(error);
  }
}

/** Line, column and message of an error that LiquidJS threw; never its excerpt of the source. */
export function describeTemplateError(error: unknown): TemplateIssue {
  const { message, token, originalError } = error as LiquidError;
  const [line, column] = token?.getPosition?.() ?? [1, 1];
  const bare = originalError?.message ?? message ?? 'invalid template';
  const text = bare.replace(/, line:\d+, col:\d+$/, '');
  return { message: adviceOn(text) ?? text, line, column };
}

/** What to write instead of a filter that LiquidJS has and these templates do not. */
function adviceOn(message: string): string | undefined {
  const [, filter, base] = /^undefined filter: ((\w{1,40})_exp)$/.exec(message) ?? [];
  if (!filter) return undefined;
  return (
    `the filter ${filter} is not available, because it would run a text as code; ` +
    `use ${base} with the name of a property, or {% for %} with {% if %}`
  );
}
