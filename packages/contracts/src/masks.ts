import { type Static, Type } from '@sinclair/typebox';

/** How many masks an agent may have, and how long one may be. */
export const MAX_MASKS = 30;
export const MAX_MASK_CHARACTERS = 500;

/** What stands in the place of what was masked. */
export const MASKED = '[masked]';

const Mask = Type.Union([
  Type.Object(
    {
      pointer: Type.String({
        maxLength: MAX_MASK_CHARACTERS,
        description:
          'JSON Pointer (RFC 6901) of a value in the payload, such as `/customer/email`. `*` in the place of an ' +
          'index stands for each element of a list. The whole value is masked.',
      }),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      pattern: Type.String({
        minLength: 1,
        maxLength: MAX_MASK_CHARACTERS,
        description:
          'Regular expression of RE2. What it matches is masked in all texts, names and numbers of payload, headers ' +
          'and query. A number that it matches is masked as a whole.',
      }),
    },
    { additionalProperties: false },
  ),
]);

export const Masks = Type.Array(Mask, {
  maxItems: MAX_MASKS,
  default: [],
  description:
    `What is replaced by \`${MASKED}\` in each event before it is stored, and before the model sees it. Filter, ` +
    '`input_schema`, signature, and keys of conversations and bursts see the event as it was sent. Files are not ' +
    'masked.',
});
export type Masks = Static<typeof Masks>;

/** Masks by kind. */
export interface MaskSet {
  pointers: readonly string[];
  patterns: readonly string[];
}

/** The masks of an agent by kind; undefined if it has none. */
export function maskSetOf(masks: Masks | undefined): MaskSet | undefined {
  if (!masks?.length) return undefined;
  return {
    pointers: masks.flatMap((mask) => ('pointer' in mask ? [mask.pointer] : [])),
    patterns: masks.flatMap((mask) => ('pattern' in mask ? [mask.pattern] : [])),
  };
}
