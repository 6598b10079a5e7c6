import { MASKED, type MaskSet } from '@agenthook/contracts';
import { ExactNumber } from '@agenthook/json';
import type { RE2JS } from 're2js';
import { patternOf } from '../cel/patterns.js';

/** RE2's time for a character, compared with a visit. Each instruction of the pattern's program adds one. */
const PER_MATCH = 8;

/** All patterns as one, so that a text is read once. */
const joined = (patterns: readonly string[]): RE2JS | undefined =>
  patterns.length === 0 ? undefined : patternOf(patterns.map((pattern) => `(?:${pattern})`).join('|'));

/** How many passes over a value masking it takes (see weigh.ts). */
export function passesOfMasks({ pointers, patterns }: MaskSet): number {
  const pattern = joined(patterns);
  return 1 + pointers.length + (pattern ? PER_MATCH + pattern.programSize() : 0);
}

/** Why a mask cannot be used: which one, and what is wrong with it; undefined if all can. */
export function faultOfMasks({ pointers, patterns }: MaskSet): { mask: string; message: string } | undefined {
  for (const mask of pointers)
    if ((mask !== '' && !mask.startsWith('/')) || /~(?![01])/.test(mask))
      return {
        mask,
        message: 'is no JSON Pointer: it begins with /, and ~ is written as ~0, / in a name as ~1',
      };
  for (const mask of patterns) {
    try {
      if (patternOf(mask).matcher('').find()) return { mask, message: 'matches the empty text' };
      joined([mask]);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { mask, message: `is no pattern of RE2: ${reason.slice(0, 200)}` };
    }
  }
  return undefined;
}

/** A JSON value with what the masks name replaced by MASKED. The value itself stays as it is. */
export function maskValue({ pointers, patterns }: MaskSet, value: unknown): unknown {
  const pattern = joined(patterns);
  const pointed = pointers.reduce((masked, pointer) => maskAt(masked, partsOf(pointer)), value);
  return pattern ? maskMatches(pattern, pointed) : pointed;
}

/**
 * A value with what properties such as `event.token` name replaced by MASKED; the value itself if there is
 * nothing there. `*` stands for each element of a list.
 */
export const maskProperties = (value: unknown, properties: readonly string[]): unknown =>
  properties.reduce((masked, property) => maskAt(masked, property.split('.')), value);

const partsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

/** Masks the values at a pointer. `*` stands for each element of a list, which has no such index. */
function maskAt(value: unknown, [part, ...rest]: readonly string[]): unknown {
  if (part === undefined) return MASKED;
  if (Array.isArray(value)) {
    if (part === '*') return value.map((item) => maskAt(item, rest));
    return /^(?:0|[1-9]\d*)$/.test(part) && Number(part) < value.length
      ? value.with(Number(part), maskAt(value[Number(part)], rest))
      : value;
  }
  if (!isMembers(value) || !Object.hasOwn(value, part)) return value;
  // Entries, because a member may be called __proto__.
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, name === part ? maskAt(item, rest) : item]),
  );
}

const isMembers = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !(value instanceof ExactNumber);

function maskMatches(pattern: RE2JS, value: unknown): unknown {
  if (typeof value === 'string') return maskText(pattern, value);
  if (typeof value === 'number' || value instanceof ExactNumber)
    return maskText(pattern, `${value}`) === `${value}` ? value : MASKED;
  if (Array.isArray(value)) return value.map((item) => maskMatches(pattern, item));
  if (!isMembers(value)) return value;
  const masked = new Map<string, unknown>();
  const others = new Map<string, number>();
  for (const [name, item] of Object.entries(value)) {
    const text = maskText(pattern, name);
    // Two names may be the same once they are masked. Each masked name keeps its own count, for linear time.
    let unused = text;
    for (let n = others.get(text) ?? 2; masked.has(unused); n++) {
      unused = `${text} ${n}`;
      others.set(text, n + 1);
    }
    masked.set(unused, maskMatches(pattern, item));
  }
  return Object.fromEntries(masked);
}

function maskText(pattern: RE2JS, text: string): string {
  const matcher = pattern.matcher(text);
  let [masked, end] = ['', 0];
  while (matcher.find()) {
    if (matcher.end() === matcher.start()) continue;
    masked += text.slice(end, matcher.start()) + MASKED;
    end = matcher.end();
  }
  return end === 0 ? text : masked + text.slice(end);
}
