import { domainToASCII } from 'node:url';
import { EgressError } from './egress.js';

/**
 * Throws EgressError `blocked` with the host's name unless a request may go there. `allowed` lists host names
 * and addresses. `*.example.com` means every name below example.com, but not example.com itself.
 */
export function checkAllowedHost(url: URL, allowed: readonly string[] | undefined): void {
  if (allowed === undefined || allowed.some((pattern) => matches(url.hostname, pattern))) return;
  throw new EgressError('blocked', `Refused: ${url.hostname} is not among the allowed hosts.`);
}

function matches(host: string, pattern: string): boolean {
  const isWildcard = pattern.startsWith('*.');
  const name = isWildcard ? pattern.slice(2) : pattern;
  const ascii = name.startsWith('[') ? name.toLowerCase() : domainToASCII(name);
  if (ascii === '') return false; // not a name
  return isWildcard ? host.endsWith(`.${ascii}`) : host === ascii;
}
