import { MAX_TOOL_NAME } from '@agenthook/contracts';

/** How much of a requested name is read. */
const LONGEST_WANTED = 256;

/**
 * Makes `name` unlike those in `taken`, to which it is added: the second `search` is `search_2`. Cuts what is
 * too long.
 */
export function distinctName(name: string, taken: Set<string>): string {
  let distinct = name.slice(0, MAX_TOOL_NAME);
  for (let n = 2; taken.has(distinct); n++) distinct = suffixedName(name, String(n));
  taken.add(distinct);
  return distinct;
}

/** The name of one of several tools that a configured tool opens as: `notes` and `save` give `notes_save`. */
export const suffixedName = (name: string, suffix: string): string =>
  `${name.slice(0, MAX_TOOL_NAME - suffix.length - 1)}_${suffix}`;

/** Turns `wanted` into a name that the contract allows and that is not in `taken`, to which it is added. */
export const takeName = (wanted: string, taken: Set<string>): string =>
  distinctName(toValidName(wanted), taken);

/** The same, ignoring length and other names. */
export function toValidName(wanted: string): string {
  // Names come from strangers, so cut first. This is more than enough to tell them apart.
  const valid = wanted
    .slice(0, LONGEST_WANTED)
    .replace(/[^a-zA-Z0-9_-]+/g, '_')
    .replace(/^[_-]+|(?<!_)_+$/g, '');
  if (valid === '') return 'tool';
  return /^[a-zA-Z]/.test(valid) ? valid : `t_${valid}`;
}
