import type { Demo } from './demo.js';

export interface StudioPage {
  /** For its screenshots: `agents-dark-phone.png`. */
  name: string;
  path: (demo: Demo) => string;
  /** Opened without a session. */
  anonymous?: true;
}

/**
 * Every page of the Studio. Each is tested with axe in both schemes and at a phone's width, and photographed.
 */
export const PAGES: StudioPage[] = [
  { name: 'sign-in', path: () => '/sign-in', anonymous: true },
  { name: 'overview', path: () => '/' },
  { name: 'agents', path: () => '/agents' },
  { name: 'agents-new', path: () => '/agents/new' },
  {
    name: 'agents-new-template',
    path: () => '/agents/new?start=template&of=github-issue-labeller',
  },
  { name: 'agents-new-yaml', path: () => '/agents/new?start=yaml' },
  { name: 'agent', path: ({ agents }) => `/agents/${agents.triage}` },
  { name: 'runs', path: () => '/runs' },
  { name: 'run', path: ({ tasks }) => `/runs/${tasks.usedTool}?item=tool-1-1` },
  { name: 'compare', path: ({ tasks }) => `/compare?a=${tasks.answered}&b=${tasks.usedTool}` },
  { name: 'run-failed', path: ({ tasks }) => `/runs/${tasks.failed}` },
  { name: 'events', path: () => '/events' },
  { name: 'events-refused', path: () => '/events?kind=refused' },
  { name: 'schedules', path: () => '/schedules' },
  { name: 'bulk', path: () => '/bulk' },
  { name: 'shared', path: ({ share }) => `/shared${share}`, anonymous: true },
  { name: 'approvals', path: () => '/approvals' },
  { name: 'conversations', path: () => '/conversations' },
  { name: 'conversation', path: ({ conversation }) => `/conversations/${conversation}` },
  { name: 'budgets', path: () => '/budgets' },
  { name: 'alerts', path: () => '/alerts' },
  { name: 'audit', path: () => '/audit' },
  { name: 'settings', path: () => '/settings' },
  { name: 'not-found', path: () => '/no-such-page' },
];
