import { type Static, type TProperties, Type } from '@sinclair/typebox';
import { HEADER_NAME, Prose } from '../text.js';

/** What the model calls a tool by; unique within an agent. */
const ToolName = Type.String({ pattern: '^[a-zA-Z][a-zA-Z0-9_-]{0,63}$' });

/**
 * Secrets of a tool. Write-only: a value is stored encrypted and shown as `true`; sending `true` keeps what is stored.
 * They are never shown to the model.
 */
export const ToolSecrets = Type.Record(
  Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,63}$' }),
  Type.Union([Type.String({ minLength: 1, maxLength: 10_000 }), Type.Literal(true)]),
  {
    maxProperties: 50,
    additionalProperties: false,
    description: 'Write-only. Shown as `true`; send `true` to keep what is stored.',
  },
);
export type ToolSecrets = Static<typeof ToolSecrets>;

const RepeatSafe = Type.Boolean({
  default: false,
  description:
    'Whether a call that a crash interrupted may be made again. If not, the model is told that its outcome is unknown.',
});

const common = {
  name: ToolName,
  description: Type.Optional(
    Prose({
      maxLength: 2_000,
      description: 'Told to the model: what the tool does and when to use it.',
    }),
  ),
  repeat_safe: Type.Optional(RepeatSafe),
  secrets: Type.Optional(ToolSecrets),
};

/** The schema of one type of tool: what all tools have, and what is its own. */
export const toolSchema = <const T extends string, P extends TProperties>(
  type: T,
  title: string,
  description: string,
  own: P,
) =>
  Type.Object(
    { type: Type.Literal(type), ...common, ...own },
    { title, description, additionalProperties: false },
  );

/** A JSON Schema (2020-12) as a value. */
export const JsonSchema = (description: string) =>
  Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true, description });

export const HttpUrl = (description: string) =>
  Type.String({ pattern: '^https?://', maxLength: 4_000, description });

/** A host name or address without a port, or `*.` and a name. */
export const HostPattern = Type.String({
  pattern: '^(\\*\\.)?[^\\s*/?#@:\\[\\]]+$|^\\[[0-9A-Fa-f:.]+\\]$',
  minLength: 1,
  maxLength: 253,
});

export const Headers = (description: string) =>
  Type.Record(Type.String({ pattern: HEADER_NAME }), Type.String({ maxLength: 4_000 }), {
    maxProperties: 50,
    additionalProperties: false,
    description,
  });
