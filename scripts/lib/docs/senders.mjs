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

What an agent's \`signature.scheme\` can name. \`GET /api/senders\` returns the same, and the Studio makes its forms from it. How to set one, how to rotate a secret, and the custom schemes: [signatures](../guides/senders/signatures.md).

This page is generated from the code (\`npm run docs\`).

| \`scheme\` | sender | proven by | event's name | retry is told by | tries the URL out |
|---|---|---|---|---|---|
${senders.map(row).join('\n')}

A sender that tries the URL out is answered as it wants, and nothing runs.

Not here: **PayPal**. Its signature covers no more of the body than a CRC-32, for which anyone can make another body; and its
certificate must be checked against names and roots. Ask PayPal for the resource that an event names instead of trusting the body.

${senders.map(section).join('\n\n')}
`;
}
