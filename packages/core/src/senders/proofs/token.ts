import type { SignatureConfig, Signing } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import type { SenderRequest } from '../request.js';
import { isSameText, oneFits } from './equal.js';
import type { Proof } from './proof.js';
import { type PropertyPlace, withProperty } from './with-property.js';

/** Where a sender sends its fixed token. */
export type TokenPlace =
  | { header: string; prefix?: string | undefined }
  /** HTTP Basic, whose password is the token. */
  | { username: string }
  /** A parameter of the query. */
  | { query: string }
  /** A property of the payload, or a field of a form. */
  | PropertyPlace;

/** The token as a Bearer, or as the password of the user that the agent names. */
export const bearerOrPassword = ({ username }: { username?: string }): TokenPlace =>
  username === undefined ? { header: 'Authorization', prefix: 'Bearer ' } : { username };

/** The proof by a token that the sender sends with each request. It does not cover the body. */
export function tokenProof<C extends SignatureConfig>(placeOf: (config: C) => TokenPlace): Proof<C> {
  return {
    coversGet: true,
    isToken: true,
    isInPayload: (config) => 'property' in placeOf(config),
    fault: (request, config, { keys }) => {
      const place = placeOf(config);
      const given = tokenOf(request, place);
      if ('fault' in given) return given.fault;
      return oneFits(keys, (key) => isSameText(given.token, key))
        ? undefined
        : `${nameOf(place)} is not the token of this agent`;
    },
    sign: (request, config, key) => {
      const place = placeOf(config);
      if ('property' in place) return { headers: {}, body: withProperty(request, place, key) };
      const { url } = request;
      if ('header' in place) return { headers: { [place.header]: (place.prefix ?? '') + key } };
      if ('username' in place) {
        const user = Buffer.from(`${place.username}:${key}`).toString('base64');
        return { headers: { Authorization: `Basic ${user}` } };
      }
      const parameter = `${encodeURIComponent(place.query)}=${encodeURIComponent(key)}`;
      return { headers: {}, url: `${url}${url.includes('?') ? '&' : '?'}${parameter}` };
    },
    signing: (config) => signingOfToken(placeOf(config)),
    hides: (config) => {
      const place = placeOf(config);
      if ('query' in place) return { headers: [], query: [place.query] };
      if ('property' in place) return { headers: [], properties: [place.property] };
      return { headers: ['username' in place ? 'Authorization' : place.header] };
    },
  };
}

const nameOf = (place: TokenPlace): string =>
  'header' in place
    ? place.header
    : 'username' in place
      ? 'the password of Authorization'
      : 'query' in place
        ? `${place.query} in the query`
        : `${place.property} in the body`;

function tokenOf(
  { headers, query, payload }: SenderRequest & { payload?: unknown },
  place: TokenPlace,
): { token: string } | { fault: string } {
  if ('query' in place) {
    const [token, ...more] = new URLSearchParams(query).getAll(place.query);
    if (token === undefined) return { fault: `${nameOf(place)} is missing` };
    return more.length > 0 ? { fault: `${nameOf(place)} came more than once` } : { token };
  }
  if ('property' in place) {
    const token = valueAt(payload, place.property);
    if (token === undefined) return { fault: `${nameOf(place)} is missing` };
    return typeof token === 'string' ? { token } : { fault: `${nameOf(place)} is not one text` };
  }
  const name = 'header' in place ? place.header : 'Authorization';
  const value = headers[name.toLowerCase()];
  if (value === undefined) return { fault: `${name} is missing` };
  if (typeof value !== 'string') return { fault: `${name} came more than once` };
  if ('username' in place) return readBasic(value, place.username);
  const { prefix = '' } = place;
  return value.startsWith(prefix)
    ? { token: value.slice(prefix.length) }
    : { fault: `${name} is not of the form ${prefix}…` };
}

/** RFC 7617: the base64 of user, colon and password. */
function readBasic(value: string, username: string): { token: string } | { fault: string } {
  const [, encoded] = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(value) ?? [];
  const text = Buffer.from(encoded ?? '', 'base64').toString();
  const colon = text.indexOf(':');
  if (colon === -1) return { fault: 'Authorization is not of the form Basic …' };
  return isSameText(text.slice(0, colon), username)
    ? { token: text.slice(colon + 1) }
    : { fault: 'the user of Authorization is not that of this agent' };
}

/** How a program sends a fixed token; undefined if it is in the body. */
function signingOfToken(place: TokenPlace): Signing | undefined {
  if ('property' in place) return undefined;
  if ('header' in place)
    return { kind: 'token', headers: { [place.header]: `${place.prefix ?? ''}{secret}` } };
  if ('username' in place) return { kind: 'basic', username: place.username };
  return { kind: 'query', parameter: place.query };
}
