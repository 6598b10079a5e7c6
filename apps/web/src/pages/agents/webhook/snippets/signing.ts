import type { paths } from '../../../../api/generated/schema.js';
import { quoted } from '../../../runs/detail/curl.js';

/** How requests to an agent are proven. */
export type Signing =
  paths['/api/agents/{id}/signing']['get']['responses'][200]['content']['application/json'];
type Hmac = Extract<Signing, { kind: 'hmac' }>;

/** What a program is for. */
export interface Called {
  /** If undefined, the program reads WEBHOOK_URL from its environment. */
  url: string | undefined;
  payload: unknown;
  signing: Signing;
  /** Headers that the sender sets, such as the event's name. */
  headers: Record<string, string>;
}

export const needsSecret = ({ kind }: Signing): boolean => kind !== 'none' && kind !== 'sender_only';

/** The parts of a text with placeholders: texts and names, in turn. */
const partsOf = (template: string): string[] => template.split(/\{(body|timestamp|id|signature|secret)\}/);

/** A template as a text in double quotes of a shell, with the variables BODY, TIMESTAMP, ID and so on. */
const inShell = (template: string): string =>
  `"${partsOf(template)
    .map((part, at) => (at % 2 === 1 ? `\${${part.toUpperCase()}}` : part.replace(/[\\"$`]/g, '\\$&')))
    .join('')}"`;

/** A template as an expression of JavaScript or Python, of the variables body, timestamp, id and so on. */
const inCode = (template: string): string =>
  partsOf(template)
    .map((part, at) => (at % 2 === 1 ? part : JSON.stringify(part)))
    .filter((part) => part !== '""')
    .join(' + ') || '""';

const KEY_IN_SHELL: Record<Hmac['key'], string> = {
  text: `printf '%s' "$SECRET"`,
  hex: `printf '%s' "$SECRET" | xxd -r -p`,
  base64: `printf '%s' "$SECRET" | base64 -d`,
  whsec: `printf '%s' "\${SECRET#whsec_}" | base64 -d`,
};

/** The lines of a shell script before its request, and the options of that request. */
export function shellProof(signing: Signing): { lines: string[]; options: string[] } {
  const secret = `SECRET=\${WEBHOOK_SECRET:?Set it to the secret of the webhook}`;
  switch (signing.kind) {
    case 'hmac': {
      const { algorithm, encoding, key, content, time, headers } = signing;
      const digest = `openssl dgst -${algorithm} -mac HMAC -macopt "hexkey:$KEY"`;
      const date = time === 'rfc3339' ? `date -u +%Y-%m-%dT%H:%M:%SZ` : 'date +%s';
      const written =
        encoding === 'hex' ? `${digest} -r | cut -d' ' -f1` : `${digest} -binary | base64 | tr -d '\\n'`;
      const uses = JSON.stringify([content, headers]);
      return {
        lines: [
          secret,
          `KEY=$(${KEY_IN_SHELL[key]} | od -An -v -tx1 | tr -d ' \\n')`,
          ...(uses.includes('{timestamp}') ? [`TIMESTAMP=$(${date})`] : []),
          ...(uses.includes('{id}') ? [`ID="example-$(date +%s)-$$"`] : []),
          `SIGNATURE=$(printf '%s' ${inShell(content)} | ${written})`,
        ],
        options: Object.entries(headers).map(([name, value]) => `-H ${inShell(`${name}: ${value}`)}`),
      };
    }
    case 'token':
      return {
        lines: [secret],
        options: Object.entries(signing.headers).map(([name, value]) => `-H ${inShell(`${name}: ${value}`)}`),
      };
    case 'basic':
      return { lines: [secret], options: [`-u ${quoted(signing.username)}:"$SECRET"`] };
    case 'query':
      // Each byte as %xx, since any character may be in a token.
      return {
        lines: [secret, `TOKEN=$(printf '%s' "$SECRET" | od -An -v -tx1 | tr -d ' \\n' | sed 's/../%&/g')`],
        options: [],
      };
    default:
      return { lines: [], options: [] };
  }
}

/** The expressions of a program's headers: names, and values as code. */
export function codeHeaders(signing: Signing): [name: string, value: string][] {
  if (signing.kind !== 'hmac' && signing.kind !== 'token') return [];
  return Object.entries(signing.headers).map(([name, value]) => [name, inCode(value)]);
}

/** What a program signs, as code. */
export const codeContent = ({ content }: Hmac): string => inCode(content);

export const usesOf = (signing: Signing, name: 'timestamp' | 'id'): boolean =>
  signing.kind === 'hmac' && JSON.stringify([signing.content, signing.headers]).includes(`{${name}}`);
