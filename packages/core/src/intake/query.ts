import { parse } from 'node:querystring';

/** How many parameters of a query string are read. */
const MAX_PARAMETERS = 100;

/** The parameters of a query string by name, without those in `hidden`; a repeated one is a list. */
export const queryOf = (query: string, hidden: readonly string[] = []): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(parse(query, '&', '=', { maxKeys: MAX_PARAMETERS })).filter(
      (entry): entry is [string, string | string[]] => entry[1] !== undefined && !hidden.includes(entry[0]),
    ),
  );
