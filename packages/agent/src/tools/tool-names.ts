/** What model providers take as a tool's name, https://platform.openai.com/docs/api-reference/chat/create. */
const LONGEST = 64;
/** How much of a wanted name is looked at. */
const LONGEST_WANTED = 256;

/**
 * Makes a name that a model can call by out of `wanted`: letters, digits, `_` and `-`, beginning with a letter, at most
 * 64 characters, and not in `taken`, to which it is added.
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

/** The same without a look at length and at other names. */
export function toValidName(wanted: string): string {
  // The names of strangers: cut first, at more than enough to tell them apart.
  const valid = wanted
    .slice(0, LONGEST_WANTED)
    .replace(/[^a-zA-Z0-9_-]+/g, '_')
    .replace(/^[_-]+|(?<!_)_+$/g, '');
  if (valid === '') return 'tool';
  return /^[a-zA-Z]/.test(valid) ? valid : `t_${valid}`;
}
