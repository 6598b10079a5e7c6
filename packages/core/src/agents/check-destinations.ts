import { type AgentConfig, type Destination, nameOf, type ProblemIssue } from '@agenthook/contracts';
import { neededMembers } from '@agenthook/template';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { agentExists } from './read-agent.js';

type Config = Pick<AgentConfig, 'destinations'>;

/** The templates of a destination by field, and whether a model's result may be part of each. */
export function templatesOfDestination(
  config: Destination,
): [field: string, source: string, hasResult: boolean][] {
  const given = (
    field: string,
    source: string | undefined,
    hasResult: boolean,
  ): [string, string, boolean][] => (source === undefined ? [] : [[field, source, hasResult]]);
  switch (config.type) {
    case 'slack':
      return [
        ...given('channel', config.channel, false),
        ...given('thread_ts', config.thread_ts, false),
        ...given('text', config.text, true),
      ];
    case 'github':
      return [
        ...given('repository', config.repository, false),
        ...given('issue', config.issue, false),
        ...given('body', config.body, true),
      ];
    case 'http':
      return [
        ...given('url', config.url, false),
        ...Object.entries(config.headers ?? {}).flatMap(([name, source]) =>
          given(`headers/${name}`, source, false),
        ),
        ...given('body', config.body, true),
      ];
    case 'agent':
      return given('payload', config.payload, true);
  }
}

/**
 * Checks what the schema of destinations cannot: names, secrets, that no address depends on a model, and that
 * the agents exist. Throws `invalid_destinations`.
 */
export async function checkDestinations(
  ctx: Context,
  agentId: string,
  { destinations = [] }: Config,
  before: Config | undefined,
): Promise<void> {
  const known = new Set((before?.destinations ?? []).map((each) => each.type === 'agent' && each.agent_id));
  const names = destinations.map(nameOf);
  const issues: ProblemIssue[] = [];
  for (const [index, config] of destinations.entries()) {
    const issue = (field: string, message: string) =>
      issues.push({ path: `/destinations/${index}/${field}`, message });
    const name = nameOf(config);
    if (names.indexOf(name) !== index) issue('name', `is the name of an earlier destination, ${name}`);
    if ((config.type === 'slack' || config.type === 'github') && config.secrets?.token === undefined)
      issue('secrets/token', `is required: the token for ${config.type}`);
    for (const [field, source, hasResult] of templatesOfDestination(config)) {
      for (const secret of neededMembers(source, 'secrets'))
        if (config.secrets?.[secret] === undefined) issue(field, `uses the missing secret "${secret}"`);
      if (!hasResult && neededMembers(source, 'result').length > 0)
        issue(field, 'must not use result, which a model wrote: it says where something goes');
    }
    if (config.type !== 'agent') continue;
    if (config.agent_id === agentId) issue('agent_id', 'is the agent itself, which would run for ever');
    else if (!known.has(config.agent_id) && !(await agentExists(ctx, config.agent_id)))
      issue('agent_id', 'is not the id of an agent');
  }
  const [first] = issues;
  if (!first) return;
  throw new AppError(
    'invalid_destinations',
    `A destination is not complete: ${first.path} ${first.message}.`,
    {
      issues,
    },
  );
}
