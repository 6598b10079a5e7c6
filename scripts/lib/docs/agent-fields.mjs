/** Describes the possible values in a few words. */
function typeOf(schema) {
  if (schema.anyOf) {
    const options = schema.anyOf.map((option) =>
      'const' in option ? `\`${JSON.stringify(option.const)}\`` : typeOf(option),
    );
    return [...new Set(options)].join(' or ');
  }
  if (schema.enum) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ');
  if (schema.oneOf) return 'object';
  if (schema.type === 'array') return `list of ${typeOf(schema.items)}s`;
  return schema.type ?? (schema.$ref ? 'object' : 'any');
}

const presetOf = ({ default: preset }) => (preset === undefined ? '' : `\`${JSON.stringify(preset)}\``);

function boundOf(schema) {
  const { maxLength, maxItems } = schema;
  if (maxLength !== undefined) return `At most ${maxLength.toLocaleString('en-US')} characters.`;
  if (maxItems !== undefined) return `At most ${maxItems}.`;
  return '';
}

export const rowsOf = (properties, required = []) =>
  Object.entries(properties)
    .map(([name, schema]) => {
      const text = [schema.description, boundOf(schema)].filter(Boolean).join(' ').replaceAll('\n', ' ');
      const preset = required.includes(name) ? 'required' : presetOf(schema);
      return `| \`${name}\` | ${typeOf(schema)} | ${preset} | ${text} |`;
    })
    .join('\n');

const HEAD = '| field | type | default | |\n|---|---|---|---|';

/** docs/reference/agent-fields.md */
export function agentFieldsPage({ Agent, AgentInput, CallbackInput }) {
  const own = new Set(Object.keys(AgentInput.properties));
  const shown = Object.fromEntries(Object.entries(Agent.properties).filter(([name]) => !own.has(name)));
  const { limits, ...rest } = AgentInput.properties;
  const [breaker, budget, response] = [rest.breaker, rest.budget, rest.response].map(({ anyOf }) => anyOf[0]);
  return `# Agent fields

The body of \`POST /api/agents\` and \`PUT /api/agents/{id}\`: missing fields get their defaults. \`PATCH\` accepts the same
fields and does not change missing ones. Each save makes a new version. Send \`If-Match\` with the version that you read,
so that you do not overwrite somebody else's change (412 \`version_conflict\`).

This page is generated from the schemas of the API (\`npm run docs\`).

${HEAD}
${rowsOf(rest, AgentInput.required)}
| \`limits\` | object | | See [limits](limits.md#limits-of-an-agent). |

An agent in an answer also has:

| field | type | | |
|---|---|---|---|
${rowsOf(shown)}

## \`tools\`

See [tools](tools.md). \`GET /api/tools\` returns the JSON Schema of each type.

## \`callback\`

${HEAD}
${rowsOf(CallbackInput.properties, CallbackInput.required)}

## \`breaker\`

See [an agent that writes back](../guides/agents/filters.md#an-agent-that-writes-back).

${HEAD}
${rowsOf(breaker.properties, breaker.required)}

## \`budget\`

See [budgets](../guides/operate/budgets.md).

${HEAD}
${rowsOf(budget.properties)}

## \`response\`

See [answer with the result](../guides/results/answer-with-the-result.md).

${HEAD}
${rowsOf(response.properties)}

## \`signature\`

\`scheme\` names the sender, which selects the fields: see [senders](senders.md).
`;
}
