import type { LinkProps } from '@tanstack/react-router';
import { pagesFor } from '../pages.js';
import type { Role } from '../session.js';

/** One line of the palette. */
export interface Entry {
  id: string;
  label: string;
  /** What kind of thing it is. */
  kind: string;
  to: Pick<LinkProps, 'to' | 'params' | 'search'>;
}

/** The most agents that are offered. */
const MOST_AGENTS = 8;
const TASK_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** As many characters as the api needs. */
const ID_BEGINNING = /^[0-9a-f-]{4,36}$/;

const pagesOf = (can: User['can']): Entry[] =>
  [...pagesFor(can), { to: '/agents/new', label: 'New agent' } as const].map(({ to, label }) => ({
    id: to,
    label,
    kind: 'Page',
    to: { to },
  }));

/** Who looks for something. */
interface User {
  can: (role: Role) => boolean;
  seesPayloads: boolean;
}

/** What a text leads to for somebody: pages and agents with such a name, a run, or a search. */
export function entriesOf(
  text: string,
  agents: ReadonlyMap<string, string> | undefined,
  { can, seesPayloads }: User,
): Entry[] {
  const wanted = text.trim().toLowerCase();
  const named = (label: string) => label.toLowerCase().includes(wanted);
  const found = [...(agents ?? [])]
    .filter(([id, name]) => named(name) || id === wanted)
    .slice(0, MOST_AGENTS)
    .map(
      ([id, label]): Entry => ({
        id,
        label,
        kind: 'Agent',
        to: { to: '/agents/$agentId', params: { agentId: id } },
      }),
    );
  return [
    ...runOf(wanted),
    ...pagesOf(can).filter(({ label }) => named(label)),
    ...found,
    ...searchesOf(text.trim(), seesPayloads),
  ];
}

const runOf = (id: string): Entry[] =>
  TASK_ID.test(id)
    ? [{ id: 'run', label: id, kind: 'Run', to: { to: '/runs/$taskId', params: { taskId: id } } }]
    : [];

function searchesOf(text: string, seesPayloads: boolean): Entry[] {
  if (text === '') return [];
  const words: Entry = {
    id: 'words',
    label: `Runs with “${text}”`,
    kind: 'Search',
    to: { to: '/runs', search: { text } },
  };
  const ids: Entry = {
    id: 'ids',
    label: `Runs whose id begins with ${text}`,
    kind: 'Search',
    to: { to: '/runs', search: { q: text } },
  };
  return [...(ID_BEGINNING.test(text.toLowerCase()) ? [ids] : []), ...(seesPayloads ? [words] : [])];
}
