import type { Tool } from '../draft/draft.js';

/** A secret that a tool needs under a name of its own. */
export interface NeededSecret {
  name: string;
  label: string;
  /** What it is, and an example of its form. */
  hint: string;
  placeholder?: string;
  /** Whether the tool works without it. */
  isOptional?: boolean;
}

type Values = Record<string, unknown>;

const bearer = (what: string): NeededSecret => ({
  name: 'api_key',
  label: 'API key',
  hint: `The API key of ${what}.`,
});

const postgresUrl: NeededSecret = {
  name: 'url',
  label: 'Connection URL',
  hint: 'With user, password and database. Use a role that may only SELECT what the agent needs.',
  placeholder: 'postgresql://reader:password@db.example.com:5432/shop',
};

/** The secrets of a notification, by its channel. */
const OF_CHANNEL: Record<string, NeededSecret> = {
  slack: {
    name: 'url',
    label: 'Incoming webhook',
    hint: 'The URL that Slack shows for the channel.',
    placeholder: 'https://hooks.slack.com/services/…',
  },
  discord: {
    name: 'url',
    label: 'Webhook URL',
    hint: 'The URL that Discord shows for the channel.',
    placeholder: 'https://discord.com/api/webhooks/…',
  },
  telegram: {
    name: 'token',
    label: 'Bot token',
    hint: 'The token that BotFather shows.',
    placeholder: '123456:ABC…',
  },
  ntfy: { name: 'token', label: 'Access token', hint: 'Only if the server requires one.', isOptional: true },
};

function ofOAuth(oauth: unknown): NeededSecret[] {
  if (typeof oauth !== 'object' || oauth === null) return [];
  const isRefresh = (oauth as Values).grant === 'refresh_token';
  const client: NeededSecret = {
    name: 'client_secret',
    label: 'OAuth client secret',
    hint: isRefresh ? 'Only if the client has one.' : 'The secret of the OAuth client.',
    isOptional: isRefresh,
  };
  if (!isRefresh) return [client];
  return [
    { name: 'refresh_token', label: 'OAuth refresh token', hint: 'A refresh token of the client.' },
    client,
  ];
}

/** Where a template inserts a secret: `{{ secrets.NAME }}`. */
const INSERTED = /\bsecrets\.([A-Za-z_][A-Za-z0-9_]{0,63})/g;

/** The names of the secrets that the texts of a tool insert. */
function insertedIn(tool: Tool): string[] {
  const { secrets: _secrets, description: _description, spec: _spec, ...rest } = tool as Values;
  return [...JSON.stringify(rest).matchAll(INSERTED)].map(([, name = '']) => name);
}

/** The secrets that a tool needs as it is configured: those of its type, then those that its texts insert. */
export function neededSecrets(tool: Tool): NeededSecret[] {
  const values = tool as Values;
  const ofType = secretsOfType(tool.type, values);
  const known = new Set(ofType.map(({ name }) => name));
  const inserted = [...new Set(insertedIn(tool))].filter((name) => !known.has(name));
  return [
    ...ofType,
    ...inserted.map((name) => ({ name, label: name, hint: `Inserted as {{ secrets.${name} }}.` })),
  ];
}

function secretsOfType(type: string, values: Values): NeededSecret[] {
  switch (type) {
    case 'postgres':
      return [postgresUrl];
    case 'web_search':
      return values.engine === 'searxng' ? [] : [bearer(String(values.engine))];
    case 'notify': {
      const needed = OF_CHANNEL[String(values.channel)];
      return needed ? [needed] : [];
    }
    default:
      return ofOAuth(values.oauth);
  }
}
