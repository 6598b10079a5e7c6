import type { LinkProps } from '@tanstack/react-router';
import { PAGES } from '../pages.js';

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

const pages: Entry[] = [
  ...PAGES.map(({ to, label }) => ({ id: to, label, kind: 'Page', to: { to } })),
  { id: '/agents/new', label: 'New agent', kind: 'Page', to: { to: '/agents/new' } },
];

/** What a text leads to: pages and agents with such a name, a run, or a search. */
export function entriesOf(text: string, agents: ReadonlyMap<string, string> | undefined): Entry[] {
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
    ...pages.filter(({ label }) => named(label)),
    ...found,
    ...searchesOf(text.trim()),
  ];
}

const runOf = (id: string): Entry[] =>
  TASK_ID.test(id)
    ? [{ id: 'run', label: id, kind: 'Run', to: { to: '/runs/$taskId', params: { taskId: id } } }]
    : [];

function searchesOf(text: string): Entry[] {
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
  return ID_BEGINNING.test(text.toLowerCase()) ? [ids, words] : [words];
}
