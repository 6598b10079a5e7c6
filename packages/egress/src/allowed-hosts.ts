import { domainToASCII } from 'node:url';
import { EgressError } from './egress.js';

/**
 * Throws EgressError `blocked`, which names the host, unless a request may go there. `allowed` lists host names and
 * addresses; `*.example.com` stands for every name below example.com, not for example.com itself.
 */
export function checkAllowedHost(url: URL, allowed: readonly string[] | undefined): void {
  if (allowed === undefined || allowed.some((pattern) => matches(url.hostname, pattern))) return;
  throw new EgressError('blocked', `Refused: ${url.hostname} is not among the hosts that are allowed here.`);
}

function matches(host: string, pattern: string): boolean {
  const isWildcard = pattern.startsWith('*.');
  const name = isWildcard ? pattern.slice(2) : pattern;
  const ascii = name.startsWith('[') ? name.toLowerCase() : domainToASCII(name);
  if (ascii === '') return false; // it is no name
  return isWildcard ? host.endsWith(`.${ascii}`) : host === ascii;
}
