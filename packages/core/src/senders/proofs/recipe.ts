import type { SignatureConfig } from '@agenthook/contracts';
import type { RequestHeaders, SenderRequest } from '../request.js';
import { type Encoding, isDigest } from './equal.js';
import { faultOfTime, type TimeForm } from './time.js';

/** Where a request has its signature, and what the signature covers. */
export interface Recipe {
  /** The header that contains the signature. */
  header: string;
  encoding: Encoding;
  /** The text before each signature. */
  prefix?: string | undefined;
  /** What separates several signatures, one of which must match. Without it there is exactly one. */
  separator?: string | undefined;
  /** The text before the time among the items of the header. */
  timestampPrefix?: string | undefined;
  timestampHeader?: string | undefined;
  /** Default: unix, in whole numbers. */
  timeForm?: TimeForm | undefined;
  /** The header with the delivery's id, if the id is signed. */
  idHeader?: string | undefined;
  /**
   * The signed text, with `{body}` `{timestamp}` `{id}` `{method}` `{url}`; or a function that makes its
   * parts.
   */
  content: string | ((given: Given, request: SenderRequest & { calledUrl: string }) => Part[] | undefined);
  /** Other forms of the URL that the sender may have signed. */
  urlsOf?(calledUrl: string): string[];
  /** The expected form of the header, for a person. */
  form?: string | undefined;
}

/** A recipe, or how it follows from the agent's configuration and the request. */
export type RecipeOf<C, R extends Recipe = Recipe> = R | ((config: C, headers: RequestHeaders) => R);

type Part = string | Buffer;

/** What a request contains as proof. */
export interface Given {
  /** Signatures without prefix, one of which must match. */
  signatures: string[];
  /** As sent and signed. */
  timestamp?: string | undefined;
  id?: string | undefined;
}

/** More would only cost time. No sender rotates more secrets at once. */
const MOST_SIGNATURES = 16;

export const recipeOf = <C, R extends Recipe>(
  recipe: RecipeOf<C, R>,
  config: C,
  headers: RequestHeaders,
): R => (typeof recipe === 'function' ? recipe(config, headers) : recipe);

/** The headers that prove a request. Each must come exactly once; the first contains the signature. */
export const proofHeaders = ({ header, timestampHeader, idHeader }: Recipe): string[] =>
  [header, timestampHeader, idHeader].filter((name) => name !== undefined);

/** Reads the proof of a request, or returns the fault, worded for the sender. */
export function readProof(
  recipe: Recipe,
  headers: RequestHeaders,
  config: SignatureConfig,
  nowMs: number,
): Given | string {
  const values: Record<string, string> = {};
  for (const name of proofHeaders(recipe)) {
    const value = headers[name.toLowerCase()];
    if (value === undefined) return `${name} is missing`;
    if (typeof value !== 'string') return `${name} came more than once`;
    values[name] = value;
  }
  const items = readItems(values[recipe.header] ?? '', recipe);
  if (items === undefined) return `${recipe.header} is not of the form ${recipe.form ?? formOf(recipe)}`;
  const timestamp = recipe.timestampHeader === undefined ? items.timestamp : values[recipe.timestampHeader];
  const tolerance = 'tolerance_seconds' in config ? (config.tolerance_seconds ?? 0) : 0;
  const untimely =
    timestamp === undefined ? undefined : faultOfTime(timestamp, recipe.timeForm ?? 'unix', tolerance, nowMs);
  return untimely ?? { ...items, timestamp, id: recipe.idHeader && values[recipe.idHeader] };
}

/** The signatures of a header and, if it contains that, the time; undefined if the header is malformed. */
function readItems(
  value: string,
  { separator, prefix = '', timestampPrefix, encoding }: Recipe,
): Pick<Given, 'signatures' | 'timestamp'> | undefined {
  const items = separator === undefined ? [value] : value.split(separator, MOST_SIGNATURES + 1);
  if (items.length > MOST_SIGNATURES) return undefined;
  const signatures: string[] = [];
  const times: string[] = [];
  for (const item of items) {
    if (item === '') return undefined;
    if (item.startsWith(prefix)) {
      const signature = item.slice(prefix.length);
      if (!isDigest(signature, encoding)) return undefined;
      signatures.push(signature);
    } else if (timestampPrefix !== undefined && item.startsWith(timestampPrefix))
      times.push(item.slice(timestampPrefix.length));
    // Signatures of other versions. A comma or a space inside comes from a header that was repeated.
    else if (separator === undefined || !OTHER_ITEM.test(item)) return undefined;
  }
  if (signatures.length === 0 || times.length !== (timestampPrefix === undefined ? 0 : 1)) return undefined;
  return { signatures, timestamp: times[0] };
}

/** A short name with its value, such as `v0=…`, `v1a,…` or `2/SHA256/…`. */
const OTHER_ITEM = /^[A-Za-z0-9_-]{1,20}[=,/:][^\s,]+$/;

/** The form of the header for a person, such as `t=…,v1=…`. */
function formOf({ prefix = '', separator, timestampPrefix, encoding }: Recipe): string {
  const signature = `${prefix}${prefix === '' || !/[=,]$/.test(prefix) ? encoding : '…'}`;
  if (timestampPrefix !== undefined) return `${timestampPrefix}…${separator ?? ''}${signature}`;
  return separator === undefined ? signature : `${signature}, with “${separator}” between several`;
}

/**
 * What each signature may cover, in parts. There are several only if the URL is signed and may have several
 * forms. Empty if the body cannot be signed in this way.
 */
export function contentsOf(
  recipe: Recipe,
  given: Given,
  request: SenderRequest,
  config: SignatureConfig,
): Part[][] {
  const { content, urlsOf = (url: string) => [url] } = recipe;
  if (typeof content === 'function') {
    const urls = calledUrls(request, config).flatMap(urlsOf);
    return (urls.length > 0 ? urls : ['']).flatMap((calledUrl) => {
      const parts = content(given, { ...request, calledUrl });
      return parts === undefined ? [] : [parts];
    });
  }
  const urls = content.includes('{url}') ? calledUrls(request, config).flatMap(urlsOf) : [''];
  return urls.map((url) => {
    const values: Record<string, Part> = {
      '{body}': request.body,
      '{timestamp}': given.timestamp ?? '',
      '{id}': given.id ?? '',
      '{method}': request.method,
      '{url}': url,
    };
    return content.split(PLACEHOLDER).map((part) => values[part] ?? part);
  });
}

const PLACEHOLDER = /(\{(?:body|timestamp|id|method|url)\})/;
/** The placeholders of a recipe's content. */
export const PLACEHOLDERS = ['{body}', '{timestamp}', '{id}', '{method}', '{url}'];

const HOST = /^[A-Za-z0-9.:[\]-]{1,255}$/;

/**
 * The URLs that the sender may have called: the agent's base URL, else the one that the api knows, else the
 * one in the request, with both schemes, because a proxy may have ended https.
 */
function calledUrls({ url, publicUrl, headers }: SenderRequest, config: SignatureConfig): string[] {
  const base = ('base_url' in config ? config.base_url : undefined) ?? publicUrl;
  if (base !== undefined) return [withoutEndSlash(base) + url];
  const { host } = headers;
  return typeof host === 'string' && HOST.test(host) ? [`https://${host}${url}`, `http://${host}${url}`] : [];
}

const withoutEndSlash = (url: string): string => (url.endsWith('/') ? url.slice(0, -1) : url);
