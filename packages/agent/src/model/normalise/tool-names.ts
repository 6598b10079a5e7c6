/** Characters that servers put between a namespace and a name, as in `functions.weather`. */
const SEPARATORS = ['.', ':', '/'];
/** How gpt-oss ends a name when its server does not read its channels. */
const CHANNEL = '<|';

/**
 * The known tool that a called name means: the name itself, or what follows its namespace
 * (`functions.weather`, `default_api:weather`), or what precedes a channel (`weather<|channel|>commentary`)
 * or brackets (`weather()`), or the only name that differs in letter case alone. Other names stay as they
 * are, for the model to be told.
 */
export function matchToolName(called: string, known: ReadonlySet<string>): string {
  if (known.has(called)) return called;
  const bare = (called.split(CHANNEL, 1)[0] ?? '').trim().replace(/\(\)$/, '');
  if (known.has(bare)) return bare;
  for (const separator of SEPARATORS) {
    const name = bare.slice(bare.lastIndexOf(separator) + 1);
    if (known.has(name)) return name;
  }
  const alike = [...known].filter((name) => name.toLowerCase() === bare.toLowerCase());
  return alike.length === 1 ? (alike[0] ?? called) : called;
}
