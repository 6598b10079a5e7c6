/**
 * The longest tool name that model providers accept,
 * https://platform.openai.com/docs/api-reference/chat/create.
 */
const LONGEST = 64;
/** How much of a requested name is read. */
const LONGEST_WANTED = 256;

/**
 * Turns `wanted` into a valid tool name: letters, digits, `_` and `-`, starting with a letter, at most 64
 * characters, and not in `taken`, to which it is added.
 */
export function takeName(wanted: string, taken: Set<string>): string {
  const valid = toValidName(wanted);
  let name = valid.slice(0, LONGEST);
  for (let n = 2; taken.has(name); n++) {
    const suffix = `_${n}`;
    name = valid.slice(0, LONGEST - suffix.length) + suffix;
  }
  taken.add(name);
  return name;
}

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
