import { listSenders } from '../../../packages/core/dist/index.js';
import { rowsOf } from './agent-fields.mjs';

const PROOFS = { body: 'signature', token: 'token', none: '—' };
const code = (text) => (text === null ? '—' : text.includes(' ') ? text : `\`${text}\``);

const row = ({ scheme, title, proof, schema, event, retry_id, tries_url }) => {
  const isOptional = 'secret' in schema.properties && !schema.required.includes('secret');
  const proven = PROOFS[proof] + (isOptional ? ', if it has a secret' : '');
  return `| [\`${scheme}\`](#${scheme}) | ${title} | ${proven} | ${code(event)} | ${code(retry_id)} | ${tries_url ? 'yes' : '—'} |`;
};

function section({ scheme, title, description, docs, steps, schema, sample }) {
  const { scheme: _, ...fields } = schema.properties;
  const headers = Object.entries({ 'Content-Type': sample.content_type, ...sample.headers });
  const lines = [...headers.map(([name, value]) => `${name}: ${value}`), '', sample.body].join('\n');
  const page = docs === null ? '' : ` [Its documentation](${docs}).`;
  const table =
    Object.keys(fields).length === 0
      ? ''
      : `\n| field | type | default | |\n|---|---|---|---|\n${rowsOf(fields, schema.required)}\n`;
  return `## \`${scheme}\`

**${title}.** ${description}${page}

${steps.map((step, n) => `${n + 1}. ${step}`).join('\n')}
${table}
A request, without its signature:

\`\`\`http
${lines.trimEnd()}
\`\`\``;
}

/** docs/reference/senders.md, from the files of the senders. */
export function sendersPage() {
  const senders = listSenders();
  return `# Senders

The values of an agent's \`signature.scheme\`. \`GET /api/senders\` returns the same, and the Studio generates its forms
from it. [Signatures](../guides/senders/signatures.md) explains how to set one, how to rotate a secret, and the custom
schemes.

This page is generated from the code (\`npm run docs\`).

| \`scheme\` | sender | verified by | event's name | id of a retry | tests the URL |
|---|---|---|---|---|---|
${senders.map(row).join('\n')}

If a sender tests the URL, it gets the answer that it expects, and nothing runs.

**PayPal** is not supported. Its signature covers only a CRC-32 of the body, and anyone can make another body with the
same CRC-32. Its certificate must also be checked against names and roots. Instead of trusting the body, ask PayPal for
the resource that an event names.

**Plaid** is not supported. The key of its signature must be asked for with the secrets of your account, and changes. Ask
Plaid for the item that an event names.

${senders.map(section).join('\n\n')}
`;
}
